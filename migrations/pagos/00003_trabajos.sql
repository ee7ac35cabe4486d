-- +goose Up
-- Which process does a background job, and until when without renewing.
create table trabajos (
    nombre varchar(64) primary key,
    quien  varchar(64) not null,
    hasta  bigint not null
);

-- +goose Down
drop table trabajos;
