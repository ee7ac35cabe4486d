-- +goose Up
-- What only the master key of these data opens, for every process to try its own on.
create table maestra (
    id     integer primary key check (id = 1),
    indice varchar(64) not null,
    prueba {{.Blob}} not null
);

-- +goose Down
drop table maestra;
