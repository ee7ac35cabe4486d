-- +goose Up
-- Blind indexes of e-mails and documents in the form in which two of them are compared, which release 0.3.0 did not know:
-- its indexes (correo_indice, documento_indice) are kept for it. correo_confirmado is the index of the e-mail that the
-- identity provider has confirmed. indizada is the version of the row that the indexes were computed for; a row whose
-- version is another one waits for the program to compute them, which takes the customer's key.
alter table clientes add column correo_unico varchar(32);
alter table clientes add column documento_unico varchar(32);
alter table clientes add column correo_confirmado varchar(32);
alter table clientes add column indizada bigint;
create index clientes_correo_unico on clientes (correo_unico);
create index clientes_documento_unico on clientes (documento_unico);
create index clientes_por_indizar on clientes (id) where indizada is null or indizada <> version;

-- +goose Down
drop index clientes_por_indizar;
drop index clientes_documento_unico;
drop index clientes_correo_unico;
alter table clientes drop column indizada;
alter table clientes drop column correo_confirmado;
alter table clientes drop column documento_unico;
alter table clientes drop column correo_unico;
