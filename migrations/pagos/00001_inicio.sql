-- +goose Up
-- One row per order and intento. Before each call of the gateway it says what is about
-- to be done (accion, hasta), afterwards what came of it.
create table cobros (
	id            text not null primary key,
	pedido        text not null,
	intento       bigint not null,
	cliente       text not null,
	metodo        text not null,
	marca         text not null,
	cuotas        bigint not null,
	proveedor     text not null,
	monto         bigint not null check (monto > 0), -- centavos, as all amounts
	cobrado       bigint not null check (cobrado >= 0),
	reembolsado   bigint not null check (reembolsado >= 0),
	estado        text not null,
	vista         text not null, -- the furthest the gateway was seen to be
	cierre        text not null, -- how the intento ended; '' = open
	anulado       boolean not null,
	motivo        text not null,
	instrucciones text not null,
	desafio       text not null,
	orden         text not null, -- the gateway's id; '' = not known
	transaccion   text not null,
	accion        text not null, -- the call that may be in flight; '' = none
	hasta         bigint,        -- until when it may be
	debe          bigint,        -- when to look after it; null = never
	sondeos       bigint not null,
	vence         bigint,
	creado        bigint not null,
	cambiado      bigint not null,
	version       bigint not null,
	unique (pedido, intento)
);
create index cobros_lista on cobros (creado, id);
create index cobros_cliente on cobros (cliente, creado, id);
create index cobros_estado on cobros (estado, creado, id);
create index cobros_orden on cobros (orden) where orden <> '';
create index cobros_debe on cobros (debe) where debe is not null;

-- Refunds: ours under the id that was asked for, others' under the gateway's.
create table reembolsos (
	cobro  text not null references cobros (id),
	id     text not null,
	orden  bigint not null, -- 1, 2, … within the cobro
	monto  bigint not null check (monto > 0),
	estado text not null,
	ajeno  text not null, -- the gateway's id; '' = not known
	primary key (cobro, id)
);

-- Tombstones: an intento that is here will never be charged. For ever.
create table lapidas (
	pedido  text not null,
	intento bigint not null,
	creado  bigint not null,
	primary key (pedido, intento)
);

-- Notices of the providers, kept until they are understood.
create table inbox (
	proveedor text not null,
	dato      text not null, -- the gateway's id of the order
	solicitud text not null, -- the provider's id of the delivery
	recibido  bigint not null,
	debe      bigint, -- when to look at it; null = done
	intentos  bigint not null,
	primary key (proveedor, dato, solicitud)
);
create index inbox_debe on inbox (debe) where debe is not null;
create index inbox_recibido on inbox (recibido);

create table avisos (
  id       varchar(36) primary key,
  pedido   varchar(36) not null,
  intento  integer not null,
  intentos integer not null,
  proximo  bigint not null,
  creado   bigint not null
);
create index avisos_proximo on avisos (proximo);
