-- +goose Up
-- Who asked for personal data, and whether they got it. Rows are added and never changed,
-- but for the two last columns, which say how far a row has been carried on.
create table auditoria (
    id        varchar(36) primary key, -- UUIDv7
    creado    bigint not null,
    actor     varchar(36) not null,
    rol       varchar(40) not null,
    accion    varchar(60) not null,
    clase     varchar(40) not null,
    recurso   varchar(36) not null,
    cliente   varchar(36) not null, -- '' when there is nobody
    resultado varchar(10) not null check (resultado in ('permitido', 'negado')),
    solicitud varchar(64) not null,
    numero    bigint, -- its place in the trail; null until it has been given one
    enviado   bigint  -- when it was carried to where the trail is searched
);
create unique index auditoria_numero on auditoria (numero);
create index auditoria_sin_numero on auditoria (id) where numero is null;

-- +goose Down
drop table auditoria;
