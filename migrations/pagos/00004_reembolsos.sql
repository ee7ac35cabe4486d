-- +goose Up
-- Why the gateway refused a refund, in kebab-case; '' where it did not, or an earlier release wrote the row.
alter table reembolsos add column motivo text not null default '';
-- The payer's bank disputes the charge.
alter table cobros add column contracargo boolean not null default false;

-- +goose Down
alter table cobros drop column contracargo;
alter table reembolsos drop column motivo;
