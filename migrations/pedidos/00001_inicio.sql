-- +goose Up

-- An order: what it is searched by, and the whole document (BSON). doc stays last, so
-- that the columns are read without it.
create table pedidos (
	id         text not null primary key,
	codigo     text not null,
	cliente    text not null,
	estado     text not null,
	creado     bigint not null, -- Unix ms, as every time below
	version    bigint not null,
	debe       bigint,          -- null: nothing is left to do
	lease      bigint not null, -- 0: never leased
	eventos    bigint not null, -- how many the document holds
	publicados bigint not null, -- up to which seq the event store has them; moves by itself
	doc        {{.Blob}} not null
);
create index pedidos_lista on pedidos (creado, id);
create index pedidos_cliente on pedidos (cliente, creado, id);
create index pedidos_cliente_estado on pedidos (cliente, estado, creado, id);
create index pedidos_estado on pedidos (estado, creado, id);
create index pedidos_codigo on pedidos (codigo, creado, id);
create index pedidos_debe on pedidos (debe, id, lease, estado) where debe is not null;
create index pedidos_lease on pedidos (lease) where lease > 0;
create index pedidos_publicar on pedidos (id) where eventos > publicados;

-- The event store: an event's id is pedido:seq.
create table eventos (
	pedido text not null,
	seq    bigint not null,
	doc    {{.Blob}} not null,
	primary key (pedido, seq)
);

-- One product in one depot.
create table existencias (
	id         text not null primary key,
	producto   text not null,
	deposito   text not null,
	version    bigint not null,
	libre      bigint not null check (libre >= 0),
	pendientes bigint not null, -- unpublished movements
	doc        {{.Blob}} not null
);
create index existencias_producto on existencias (producto);
create index existencias_pendientes on existencias (id) where pendientes > 0;

create table movimientos (
	id       text not null primary key,
	producto text not null,
	en       bigint not null,
	doc      {{.Blob}} not null
);
create index movimientos_producto on movimientos (producto, en, id);

-- Reservations that are refused for ever after.
create table lapidas (
	pedido  text not null,
	intento bigint not null,
	vuelta  bigint not null,
	hasta   bigint not null,
	primary key (pedido, intento, vuelta)
);
create index lapidas_hasta on lapidas (hasta);

create table productos (
	id        text not null primary key,
	buscable  text not null,
	categoria text not null,
	activo    boolean not null,
	creado    bigint not null,
	version   bigint not null,
	doc       {{.Blob}} not null
);
create index productos_lista on productos (creado, id);
create index productos_categoria on productos (categoria, creado, id);

-- +goose Down
drop table productos;
drop table lapidas;
drop table movimientos;
drop table existencias;
drop table eventos;
drop table pedidos;
