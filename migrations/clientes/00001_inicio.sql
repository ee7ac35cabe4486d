-- +goose Up
-- Personal columns hold tink ciphertext under the customer's own key, never text.
create table clientes (
    id               varchar(36) primary key,
    sujeto           {{.Blob}} not null {{cifrado "sujeto"}},
    nombre           {{.Blob}} {{cifrado "nombre"}},
    correo           {{.Blob}} {{cifrado "correo"}},
    correo_indice    varchar(32),
    telefono         {{.Blob}} {{cifrado "telefono"}},
    documento        {{.Blob}} {{cifrado "documento"}},
    documento_indice varchar(32),
    version          bigint not null,
    creado           bigint not null
);
create index clientes_correo on clientes (correo_indice);
create index clientes_documento on clientes (documento_indice);

-- One key per customer, wrapped by the master key. Destroying a row erases the customer.
create table llaves (
    cliente   varchar(36) primary key,
    envoltura {{.Blob}} not null,
    creado    bigint not null
);

-- A deleted address keeps its id and huella for a while, so that a repeated POST
-- does not bring it back; what was personal in it is gone.
create table direcciones (
    id      varchar(36) primary key,
    cliente varchar(36) not null,
    huella  varchar(32) not null,
    nombre  {{.Blob}} {{cifrado "nombre"}},
    calle   {{.Blob}} {{cifrado "calle"}},
    notas   {{.Blob}} {{cifrado "notas"}},
    punto   {{.Blob}} {{cifrado "punto"}},
    version bigint not null,
    creado  bigint not null,
    borrada bigint,
    check (borrada is not null or (calle is not null and punto is not null))
);
create index direcciones_cliente on direcciones (cliente, creado, id);
create index direcciones_borrada on direcciones (borrada);

-- +goose Down
drop table direcciones;
drop table llaves;
drop table clientes;
