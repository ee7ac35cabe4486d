-- +goose Up
-- Sessions of a person that began before desde are over.
create table cortes_sesion (
    id    varchar(36) primary key, -- house id
    desde bigint not null
);
create index cortes_sesion_desde on cortes_sesion (desde);

-- +goose Down
drop table cortes_sesion;
