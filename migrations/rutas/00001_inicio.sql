-- +goose Up
create table depositos (
	id      text not null primary key,
	codigo  text not null unique,
	nombre  text not null,
	lat     double precision not null,
	lon     double precision not null,
	activo  boolean not null,
	version bigint not null,
	huella  text not null,
	creado  bigint not null
);
create index depositos_lista on depositos (creado, id);

create table camiones (
	id            text not null primary key,
	patente       text not null unique,
	deposito      text not null references depositos (id),
	peso_max      bigint not null, -- g
	volumen_max   bigint not null, -- ml
	frio          boolean not null,
	activo        boolean not null,
	repartidor    text, -- house id of the driver
	horario_desde bigint not null, -- minutes after midnight
	horario_hasta bigint not null,
	horario_dias  bigint not null, -- bit 0 is Sunday; 0: no timetable
	version       bigint not null,
	huella        text not null,
	creado        bigint not null
);
create index camiones_lista on camiones (creado, id);
create index camiones_deposito on camiones (deposito, creado, id);
create index camiones_repartidor on camiones (repartidor);

-- One row per truck and shift: its room, guarded by revision.
create table turnos (
	id          text not null primary key,
	camion      text not null references camiones (id),
	deposito    text not null references depositos (id),
	dia         text not null,
	inicio      bigint not null,
	fin         bigint not null,
	franja      bigint not null, -- minutes
	frio        boolean not null,
	activo      boolean not null,
	peso_max    bigint not null,
	volumen_max bigint not null,
	minutos_max bigint not null,
	visitas_max bigint not null,
	peso        bigint not null check (peso >= 0),
	volumen     bigint not null check (volumen >= 0),
	minutos     bigint not null check (minutos >= 0),
	visitas     bigint not null check (visitas >= 0),
	tramo0      bigint not null check (tramo0 >= 0), -- minutes taken in each window
	tramo1      bigint not null check (tramo1 >= 0),
	tramo2      bigint not null check (tramo2 >= 0),
	tramo3      bigint not null check (tramo3 >= 0),
	tramo4      bigint not null check (tramo4 >= 0),
	tramo5      bigint not null check (tramo5 >= 0),
	hueco       bigint not null, -- the most minutes that one more visit may take
	libre       boolean not null, -- can be booked at all
	estado      text not null,
	salio       bigint,
	version     bigint not null,
	revision    bigint not null,
	huella      text not null,
	creado      bigint not null,
	check (peso <= peso_max and volumen <= volumen_max and minutos <= minutos_max and visitas <= visitas_max)
);
create index turnos_lugar on turnos (deposito, libre, inicio, frio, id);
create index turnos_camion on turnos (camion, inicio);
create index turnos_estado on turnos (estado, fin);
create index turnos_lista on turnos (creado, id);
create index turnos_dia on turnos (dia, creado, id);

create table visitas (
	id       text not null primary key,
	pedido   text not null,
	intento  bigint not null,
	numero   bigint not null,
	cliente  text not null,
	turno    text not null references turnos (id),
	camion   text not null references camiones (id),
	deposito text not null,
	dia      text not null,
	estado   text not null,
	lat      double precision, -- null once forgotten
	lon      double precision,
	peso     bigint not null,
	volumen  bigint not null,
	minutos  bigint not null,
	frio     boolean not null,
	tramo    bigint not null,
	desde    bigint not null,
	hasta    bigint not null,
	salida   bigint not null,
	llegada  bigint,
	fin      bigint,
	motivo   text not null,
	version  bigint not null,
	creado   bigint not null,
	unique (pedido, intento, numero)
);
create index visitas_turno on visitas (turno, estado);
create index visitas_camion on visitas (camion, creado, id);
create index visitas_estado on visitas (estado, creado, id);
create index visitas_dia on visitas (dia, creado, id);
create index visitas_lista on visitas (creado, id);
create index visitas_olvido on visitas (fin) where lat is not null;

create table lapidas (
	pedido  text not null,
	intento bigint not null,
	numero  bigint not null,
	hasta   bigint not null,
	primary key (pedido, intento, numero)
);
create index lapidas_hasta on lapidas (hasta);

create table claves (
	id      text not null primary key,
	huella  text not null,
	recurso text not null,
	creado  bigint not null
);
create index claves_creado on claves (creado);

create table avisos (
  id       varchar(36) primary key,
  pedido   varchar(36) not null,
  intento  integer not null,
  intentos integer not null,
  proximo  bigint not null,
  creado   bigint not null
);
create index avisos_proximo on avisos (proximo);
