-- +goose Up
create table ordenes (
  id          varchar(40) primary key,
  referencia  varchar(64) not null,
  estado      varchar(32) not null,
  detalle     varchar(64) not null,
  cobrado     bigint not null check (cobrado >= 0),
  reembolsado bigint not null check (reembolsado >= 0 and reembolsado <= cobrado),
  creado      bigint not null,
  toca        bigint,
  resultado   varchar(16) not null,
  version     bigint not null,
  doc         {{.Blob}} not null
);
create index ordenes_referencia on ordenes (referencia);
create index ordenes_toca on ordenes (toca) where toca is not null;

create table claves (
  clave  varchar(128) primary key,
  huella varchar(64) not null,
  orden  varchar(40) not null,
  estado integer not null,
  creado bigint not null
);

create table fichas (
  id           varchar(33) primary key,
  primeros     varchar(6) not null,
  ultimos      varchar(4) not null,
  resultado    varchar(16) not null,
  mes          integer not null,
  anio         integer not null,
  largo        integer not null,
  largo_codigo integer not null,
  creado       bigint not null,
  caduca       bigint not null,
  orden        varchar(40) not null
);

create table avisos (
  id       varchar(40) primary key,
  orden    varchar(40) not null,
  accion   varchar(32) not null,
  estado   varchar(32) not null,
  detalle  varchar(64) not null,
  creado   bigint not null,
  toca     bigint not null,
  intentos integer not null
);
create index avisos_toca on avisos (toca);

-- +goose Down
drop table avisos;
drop table fichas;
drop table claves;
drop table ordenes;
