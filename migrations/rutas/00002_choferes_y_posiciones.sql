-- +goose Up
create table repartidores (
	id      text not null primary key, -- house id of the login
	nombre  text not null,
	legajo  text unique,
	activo  boolean not null,
	version bigint not null,
	huella  text not null,
	creado  bigint not null
);
create index repartidores_lista on repartidores (creado, id);
-- Trucks that name a driver keep them.
insert into repartidores (id, nombre, legajo, activo, version, huella, creado)
select distinct repartidor, 'Sin nombre', null, true, 1, '', 0 from camiones where repartidor is not null;

alter table camiones add column dispositivo text; -- house id of the machine that sends its positions

create table posiciones (
	camion    text not null,
	clave     text not null, -- sensor:sequence, which sorts
	sensor    text not null,
	secuencia bigint not null,
	lat       double precision not null,
	lon       double precision not null,
	velocidad double precision, -- km/h
	rumbo     double precision, -- degrees
	radio     double precision, -- m
	en        bigint not null,
	recibida  bigint not null,
	primary key (camion, clave)
);
create index posiciones_lista on posiciones (camion, en, clave);
create index posiciones_guarda on posiciones (recibida);

-- Where each truck was last seen; revision grows with every row that moves.
create table ultimas (
	camion    text not null primary key,
	clave     text not null,
	sensor    text not null,
	secuencia bigint not null,
	lat       double precision not null,
	lon       double precision not null,
	velocidad double precision,
	rumbo     double precision,
	radio     double precision,
	en        bigint not null,
	recibida  bigint not null,
	revision  bigint not null
);
create unique index ultimas_revision on ultimas (revision);

-- +goose Down
drop table ultimas;
drop table posiciones;
alter table camiones drop column dispositivo;
drop table repartidores;
