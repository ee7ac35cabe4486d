-- +goose Up
-- Why a position is kept but not shown: imprecisa, veloz, salto; '': it can be shown.
alter table posiciones add column marca text not null default '';
-- The identity of a position. It holds for the rows of release 0.3.0 as well, whose key is
-- narrower: sensor and sequence alone.
create unique index posiciones_identidad on posiciones (camion, sensor, en, secuencia);
create index posiciones_llegada on posiciones (camion, sensor, recibida, en);

-- What is known of the clock of each sensor of a truck; durations in ms.
create table relojes (
	camion     text not null,
	sensor     text not null,
	desfase    bigint not null, -- our time less the sensor's
	desde      bigint not null,
	llegadas   bigint not null,
	demora_min bigint not null,
	demora_max bigint not null,
	primary key (camion, sensor)
);

-- +goose Down
drop table relojes;
drop index posiciones_llegada;
drop index posiciones_identidad;
alter table posiciones drop column marca;
