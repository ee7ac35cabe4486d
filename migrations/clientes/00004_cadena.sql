-- +goose Up
-- A record's place in the trail, its link of the chain (SHA-256 over the link before and
-- the record), and the index in which it is searched: all given together with numero.
alter table auditoria add column veces bigint not null default 1; -- refusals that one row stands for
alter table auditoria add column indice varchar(40);
alter table auditoria add column anterior {{.Blob}};
alter table auditoria add column hash {{.Blob}};
create index auditoria_sin_enviar on auditoria (numero) where enviado is null;
create index auditoria_enviado on auditoria (enviado) where enviado is not null;

-- The indices, oldest first by desde. The last one is the end of the chain; the first that
-- is not borrado is where it can be verified from.
create table auditoria_indices (
    indice   varchar(40) primary key,
    orden    bigint not null, -- 1, 2, 3, ...
    dia      bigint not null, -- the UTC day of its first record
    desde    bigint not null, -- numbers from desde to hasta
    hasta    bigint not null,
    anterior {{.Blob}} not null, -- the link before desde
    hash     {{.Blob}} not null, -- the link of hasta
    ultimo   bigint not null, -- the time of its newest record
    borrado  bigint           -- when it was removed from where it was searched
);
create unique index auditoria_indices_orden on auditoria_indices (orden);

-- +goose Down
drop table auditoria_indices;
drop index auditoria_enviado;
drop index auditoria_sin_enviar;
alter table auditoria drop column hash;
alter table auditoria drop column anterior;
alter table auditoria drop column indice;
alter table auditoria drop column veces;
