-- +goose Up
-- The trail where it is searched, for a program without a search server.
create table asientos (
    id        varchar(36) primary key,
    numero    bigint not null,
    creado    bigint not null,
    actor     varchar(36) not null,
    rol       varchar(40) not null,
    accion    varchar(60) not null,
    clase     varchar(40) not null,
    recurso   varchar(36) not null,
    cliente   varchar(36) not null,
    resultado varchar(10) not null,
    solicitud varchar(64) not null,
    veces     bigint not null,
    indice    varchar(40) not null,
    anterior  {{.Blob}} not null,
    hash      {{.Blob}} not null
);
create unique index asientos_numero on asientos (numero);
create index asientos_actor on asientos (actor, numero);
create index asientos_cliente on asientos (cliente, numero);
create index asientos_recurso on asientos (recurso, numero);
create index asientos_indice on asientos (indice);

-- +goose Down
drop table asientos;
