begin;
CREATE TABLE migraciones_pagos (
		id INTEGER PRIMARY KEY AUTOINCREMENT,
		version_id INTEGER NOT NULL,
		is_applied INTEGER NOT NULL,
		tstamp TIMESTAMP DEFAULT (datetime('now'))
	);
CREATE TABLE cobros (
	id            text not null primary key,
	pedido        text not null,
	intento       bigint not null,
	cliente       text not null,
	metodo        text not null,
	marca         text not null,
	cuotas        bigint not null,
	proveedor     text not null,
	monto         bigint not null check (monto > 0), -- centavos, as all amounts
	cobrado       bigint not null check (cobrado >= 0),
	reembolsado   bigint not null check (reembolsado >= 0),
	estado        text not null,
	vista         text not null, -- the furthest the gateway was seen to be
	cierre        text not null, -- how the intento ended; '' = open
	anulado       boolean not null,
	motivo        text not null,
	instrucciones text not null,
	desafio       text not null,
	orden         text not null, -- the gateway's id; '' = not known
	transaccion   text not null,
	accion        text not null, -- the call that may be in flight; '' = none
	hasta         bigint,        -- until when it may be
	debe          bigint,        -- when to look after it; null = never
	sondeos       bigint not null,
	vence         bigint,
	creado        bigint not null,
	cambiado      bigint not null,
	version       bigint not null, mirado bigint, contracargo boolean not null default false,
	unique (pedido, intento)
);
CREATE TABLE reembolsos (
	cobro  text not null references cobros (id),
	id     text not null,
	orden  bigint not null, -- 1, 2, … within the cobro
	monto  bigint not null check (monto > 0),
	estado text not null,
	ajeno  text not null, motivo text not null default '', -- the gateway's id; '' = not known
	primary key (cobro, id)
);
CREATE TABLE lapidas (
	pedido  text not null,
	intento bigint not null,
	creado  bigint not null,
	primary key (pedido, intento)
);
CREATE TABLE inbox (
	proveedor text not null,
	dato      text not null, -- the gateway's id of the order
	solicitud text not null, -- the provider's id of the delivery
	recibido  bigint not null,
	debe      bigint, -- when to look at it; null = done
	intentos  bigint not null,
	primary key (proveedor, dato, solicitud)
);
CREATE TABLE avisos (
  id       varchar(36) primary key,
  pedido   varchar(36) not null,
  intento  integer not null,
  intentos integer not null,
  proximo  bigint not null,
  creado   bigint not null
);
CREATE TABLE trabajos (
    nombre varchar(64) primary key,
    quien  varchar(64) not null,
    hasta  bigint not null
);
insert into "migraciones_pagos" ("id", "version_id", "is_applied", "tstamp") values (1, 0, 1, '2026-12-01 00:03:26');
insert into "migraciones_pagos" ("id", "version_id", "is_applied", "tstamp") values (2, 1, 1, '2026-12-01 00:03:26');
insert into "migraciones_pagos" ("id", "version_id", "is_applied", "tstamp") values (3, 2, 1, '2026-12-01 00:03:26');
insert into "migraciones_pagos" ("id", "version_id", "is_applied", "tstamp") values (4, 3, 1, '2026-12-01 00:03:26');
insert into "migraciones_pagos" ("id", "version_id", "is_applied", "tstamp") values (5, 4, 1, '2026-12-01 00:03:26');
insert into "cobros" ("id", "pedido", "intento", "cliente", "metodo", "marca", "cuotas", "proveedor", "monto", "cobrado", "reembolsado", "estado", "vista", "cierre", "anulado", "motivo", "instrucciones", "desafio", "orden", "transaccion", "accion", "hasta", "debe", "sondeos", "vence", "creado", "cambiado", "version", "mirado", "contracargo") values ('4932dd22-0e25-8b86-88ef-0ae0d705048a', 'a988e261-1b2e-8248-b99f-331a574c57ce', 1, 'ef5b2030-edea-8db0-b9b7-c8cac09cd8b5', 'tarjeta_credito', 'master', 1, 'mercadopago', 1464000, 1464000, 0, 'cobrado', 'cobrada', '', 0, '', '', '', 'ORDTST01KJSS3H70NEKA2S2383SV2VFJ', 'PAY01KJSS3H70A055VR6X8593M0BD', '', NULL, 1772542800770, 0, NULL, 1772539200727, 1772539200770, 4, 1772539200770, 0);
insert into "cobros" ("id", "pedido", "intento", "cliente", "metodo", "marca", "cuotas", "proveedor", "monto", "cobrado", "reembolsado", "estado", "vista", "cierre", "anulado", "motivo", "instrucciones", "desafio", "orden", "transaccion", "accion", "hasta", "debe", "sondeos", "vence", "creado", "cambiado", "version", "mirado", "contracargo") values ('89362b01-d55e-88e2-9e07-e76c48c15a61', 'ffbaa0dd-da78-82cc-8929-e16d5094465a', 1, 'ef5b2030-edea-8db0-b9b7-c8cac09cd8b5', 'tarjeta_credito', 'master', 1, 'mercadopago', 1464000, 1464000, 1464000, 'reembolsado', 'cobrada', 'anulado', 1, '', '', '', 'ORDTST01KJSS3HC7DQ3SXJ42AHQ84WXE', 'PAY01KJSS3HC799AM33NXR1RDRFYT', '', NULL, NULL, 0, NULL, 1772539200900, 1772539201022, 6, 1772539201022, 0);
insert into "cobros" ("id", "pedido", "intento", "cliente", "metodo", "marca", "cuotas", "proveedor", "monto", "cobrado", "reembolsado", "estado", "vista", "cierre", "anulado", "motivo", "instrucciones", "desafio", "orden", "transaccion", "accion", "hasta", "debe", "sondeos", "vence", "creado", "cambiado", "version", "mirado", "contracargo") values ('0e099f7b-93ef-8651-bebf-82281fac5886', 'cf35cd1f-a75d-8bcb-b2b4-e1e84251a996', 1, 'ef5b2030-edea-8db0-b9b7-c8cac09cd8b5', 'tarjeta_credito', 'master', 1, 'mercadopago', 490000, 490000, 0, 'cobrado', 'cobrada', '', 0, '', '', '', 'ORDTST01KJSS3HJK1S5NSYA7BH35C4SF', 'PAY01KJSS3HJKPQ9K9H3ECD6MBCE4', '', NULL, 1772542801126, 0, NULL, 1772539201100, 1772539201126, 4, 1772539201126, 0);
insert into "cobros" ("id", "pedido", "intento", "cliente", "metodo", "marca", "cuotas", "proveedor", "monto", "cobrado", "reembolsado", "estado", "vista", "cierre", "anulado", "motivo", "instrucciones", "desafio", "orden", "transaccion", "accion", "hasta", "debe", "sondeos", "vence", "creado", "cambiado", "version", "mirado", "contracargo") values ('f863b06c-d228-8832-b54d-db79d3dd043d', '88d46163-67fa-8f52-9507-005378b73517', 1, 'ef5b2030-edea-8db0-b9b7-c8cac09cd8b5', 'tarjeta_credito', 'master', 1, 'mercadopago', 490000, 0, 0, 'rechazado', 'rechazada', 'rechazado', 1, 'sin-fondos', '', '', 'ORDTST01KJSS3HPR0F2HFTJHB1FGYG0C', 'PAY01KJSS3HPR4RCM2W0BH10YQHCD', '', NULL, NULL, 0, NULL, 1772539201223, 1772539201275, 3, 1772539201244, 0);
insert into "cobros" ("id", "pedido", "intento", "cliente", "metodo", "marca", "cuotas", "proveedor", "monto", "cobrado", "reembolsado", "estado", "vista", "cierre", "anulado", "motivo", "instrucciones", "desafio", "orden", "transaccion", "accion", "hasta", "debe", "sondeos", "vence", "creado", "cambiado", "version", "mirado", "contracargo") values ('4e291be8-9d11-88c9-be0d-21f4603ec1b3', '0bf4094d-b1da-88bb-bfc7-7559b50b1c84', 1, 'ef5b2030-edea-8db0-b9b7-c8cac09cd8b5', 'tarjeta_credito', 'master', 1, 'mercadopago', 490000, 0, 0, 'rechazado', 'rechazada', 'rechazado', 1, 'sin-fondos', '', '', 'ORDTST01KJSS3HRTRR8END2M6Y15YB8Y', 'PAY01KJSS3HRTRK2VS9FNH1FHABSY', '', NULL, NULL, 0, NULL, 1772539201299, 1772539201322, 3, 1772539201309, 0);
insert into "cobros" ("id", "pedido", "intento", "cliente", "metodo", "marca", "cuotas", "proveedor", "monto", "cobrado", "reembolsado", "estado", "vista", "cierre", "anulado", "motivo", "instrucciones", "desafio", "orden", "transaccion", "accion", "hasta", "debe", "sondeos", "vence", "creado", "cambiado", "version", "mirado", "contracargo") values ('3675b937-fe20-885e-a848-89c37c3944ea', '0bf4094d-b1da-88bb-bfc7-7559b50b1c84', 2, 'ef5b2030-edea-8db0-b9b7-c8cac09cd8b5', 'tarjeta_credito', 'master', 1, 'mercadopago', 490000, 0, 0, 'rechazado', 'rechazada', 'rechazado', 1, 'sin-fondos', '', '', 'ORDTST01KJSS3HT8160CKBGXKF9YJ6S6', 'PAY01KJSS3HT85HPNX956SY4NV7Q3', '', NULL, NULL, 0, NULL, 1772539201344, 1772539201373, 3, 1772539201357, 0);
insert into "cobros" ("id", "pedido", "intento", "cliente", "metodo", "marca", "cuotas", "proveedor", "monto", "cobrado", "reembolsado", "estado", "vista", "cierre", "anulado", "motivo", "instrucciones", "desafio", "orden", "transaccion", "accion", "hasta", "debe", "sondeos", "vence", "creado", "cambiado", "version", "mirado", "contracargo") values ('11708459-3280-8693-8cc3-fdf7be7b5655', '0bf4094d-b1da-88bb-bfc7-7559b50b1c84', 3, 'ef5b2030-edea-8db0-b9b7-c8cac09cd8b5', 'tarjeta_credito', 'master', 1, 'mercadopago', 490000, 0, 0, 'rechazado', 'rechazada', 'rechazado', 1, 'sin-fondos', '', '', 'ORDTST01KJSS3HVA0RWT29HYKDBD7AZ7', 'PAY01KJSS3HVA26FP2WR2AX50YG0G', '', NULL, NULL, 0, NULL, 1772539201384, 1772539201396, 3, 1772539201387, 0);
insert into "cobros" ("id", "pedido", "intento", "cliente", "metodo", "marca", "cuotas", "proveedor", "monto", "cobrado", "reembolsado", "estado", "vista", "cierre", "anulado", "motivo", "instrucciones", "desafio", "orden", "transaccion", "accion", "hasta", "debe", "sondeos", "vence", "creado", "cambiado", "version", "mirado", "contracargo") values ('fde2a71b-4d8a-84d5-b941-4dbeb5d8393a', '2a0aabf0-270d-8eb4-a050-e25a44bb26ed', 1, 'ef5b2030-edea-8db0-b9b7-c8cac09cd8b5', 'tarjeta_credito', 'master', 1, 'mercadopago', 490000, 490000, 490000, 'reembolsado', 'cobrada', 'anulado', 1, '', '', '', 'ORDTST01KJSS3HW8D6XSYQJASFKS1F7C', 'PAY01KJSS3HW8KJHAFMRK1RS40Y3S', '', NULL, NULL, 0, NULL, 1772539201412, 1772539201507, 6, 1772539201507, 0);
insert into "cobros" ("id", "pedido", "intento", "cliente", "metodo", "marca", "cuotas", "proveedor", "monto", "cobrado", "reembolsado", "estado", "vista", "cierre", "anulado", "motivo", "instrucciones", "desafio", "orden", "transaccion", "accion", "hasta", "debe", "sondeos", "vence", "creado", "cambiado", "version", "mirado", "contracargo") values ('c3d97cf3-197c-887a-b2e9-d3dee8d12b63', '4ef7d6bf-4e12-868b-ac13-bf7ed167ab44', 1, 'ef5b2030-edea-8db0-b9b7-c8cac09cd8b5', 'efectivo', '', 1, 'mercadopago', 490000, 0, 0, 'pendiente', 'en_espera', '', 0, '', 'Pagar en: rapipago; código: 0118932218901962938; código de barras: 01189322189019629384360089665203113675', '', 'ORDTST01KJSS3J0CX734XCMBCC0QE0K3', 'PAY01KJSS3J0CWNDD7D19VJHZ18DS', '', NULL, 1772539202669, 5, 1772798401513, 1772539201547, 1772539202469, 7, 1772539202469, 0);
insert into "cobros" ("id", "pedido", "intento", "cliente", "metodo", "marca", "cuotas", "proveedor", "monto", "cobrado", "reembolsado", "estado", "vista", "cierre", "anulado", "motivo", "instrucciones", "desafio", "orden", "transaccion", "accion", "hasta", "debe", "sondeos", "vence", "creado", "cambiado", "version", "mirado", "contracargo") values ('9c269ab3-8d99-87a5-b2e2-2709891f0fe0', 'e1c2bc0d-7824-8d54-8474-353afd78eb9f', 1, 'ef5b2030-edea-8db0-b9b7-c8cac09cd8b5', 'tarjeta_credito', 'master', 1, 'mercadopago', 490000, 490000, 1000, 'cobrado', 'cobrada', '', 0, '', '', '', 'ORDTST01KJSS3J1QVMH1MSPX67PWK7JC', 'PAY01KJSS3J1QTJ4D5JCKP7BCEX95', '', NULL, 1772542801681, 0, NULL, 1772539201582, 1772539201681, 6, 1772539201681, 0);
insert into "cobros" ("id", "pedido", "intento", "cliente", "metodo", "marca", "cuotas", "proveedor", "monto", "cobrado", "reembolsado", "estado", "vista", "cierre", "anulado", "motivo", "instrucciones", "desafio", "orden", "transaccion", "accion", "hasta", "debe", "sondeos", "vence", "creado", "cambiado", "version", "mirado", "contracargo") values ('61a2b1a7-b7ae-83b7-9d25-677543a60a65', '9ee55e2d-c2c7-8d1b-9acc-72fb1a0ea7c5', 1, 'ef5b2030-edea-8db0-b9b7-c8cac09cd8b5', 'tarjeta_credito', 'master', 1, 'mercadopago', 490000, 490000, 490000, 'reembolsado', 'cobrada', 'anulado', 1, '', '', '', 'ORDTST01KJSS3J61EH7VPTSHANEDGXFB', 'PAY01KJSS3J61NHY2GCPJD0NTG57J', '', NULL, NULL, 0, NULL, 1772539201727, 1772539201849, 6, 1772539201849, 0);
insert into "cobros" ("id", "pedido", "intento", "cliente", "metodo", "marca", "cuotas", "proveedor", "monto", "cobrado", "reembolsado", "estado", "vista", "cierre", "anulado", "motivo", "instrucciones", "desafio", "orden", "transaccion", "accion", "hasta", "debe", "sondeos", "vence", "creado", "cambiado", "version", "mirado", "contracargo") values ('0526c515-4ca9-83b3-aa9c-fc6a67c92dbd', '8fb2d228-5342-8dd4-88b7-020671aefbee', 1, 'ef5b2030-edea-8db0-b9b7-c8cac09cd8b5', 'tarjeta_credito', 'master', 1, 'mercadopago', 490000, 490000, 0, 'cobrado', 'cobrada', '', 0, '', '', '', 'ORDTST01KJSS3J9N5TD6F9BP0PE12YT9', 'PAY01KJSS3J9NGM8VX4730Z0CAEKK', 'reembolsar', 1772539216913, 1772539217913, 0, NULL, 1772539201840, 1772539201912, 5, 1772539201887, 0);
insert into "cobros" ("id", "pedido", "intento", "cliente", "metodo", "marca", "cuotas", "proveedor", "monto", "cobrado", "reembolsado", "estado", "vista", "cierre", "anulado", "motivo", "instrucciones", "desafio", "orden", "transaccion", "accion", "hasta", "debe", "sondeos", "vence", "creado", "cambiado", "version", "mirado", "contracargo") values ('88aa1e1d-c6fe-823d-b273-98dcaca4a045', '2103d678-80da-88f1-b756-6a32d09334bd', 1, 'ef5b2030-edea-8db0-b9b7-c8cac09cd8b5', 'tarjeta_credito', 'master', 1, 'mercadopago', 490000, 490000, 0, 'cobrado', 'cobrada', '', 0, '', '', '', 'ORDTST01KJSS3JE40C36K0V2HVN89RBM', 'PAY01KJSS3JE43WZSEK60NMC5N9QG', '', NULL, 1772542802033, 0, NULL, 1772539201981, 1772539202033, 4, 1772539202033, 0);
insert into "cobros" ("id", "pedido", "intento", "cliente", "metodo", "marca", "cuotas", "proveedor", "monto", "cobrado", "reembolsado", "estado", "vista", "cierre", "anulado", "motivo", "instrucciones", "desafio", "orden", "transaccion", "accion", "hasta", "debe", "sondeos", "vence", "creado", "cambiado", "version", "mirado", "contracargo") values ('d2227b11-f548-8428-84c6-47df449e396c', '9ae88481-1261-8984-a677-aa38c33341a3', 1, 'ef5b2030-edea-8db0-b9b7-c8cac09cd8b5', 'tarjeta_credito', 'master', 1, 'mercadopago', 490000, 490000, 0, 'cobrado', 'cobrada', '', 0, '', '', '', 'ORDTST01KJSS3JHTG96F7QJH2WD8CZ21', 'PAY01KJSS3JHTSFCZ0H9Y7PV87HVR', '', NULL, 1772542802213, 0, NULL, 1772539202103, 1772539202213, 4, 1772539202213, 0);
insert into "cobros" ("id", "pedido", "intento", "cliente", "metodo", "marca", "cuotas", "proveedor", "monto", "cobrado", "reembolsado", "estado", "vista", "cierre", "anulado", "motivo", "instrucciones", "desafio", "orden", "transaccion", "accion", "hasta", "debe", "sondeos", "vence", "creado", "cambiado", "version", "mirado", "contracargo") values ('ab4ebfb5-4258-84f7-9740-429e1cbdff9d', 'dcfef361-3df2-8614-aeae-0017bb0716ef', 1, 'ef5b2030-edea-8db0-b9b7-c8cac09cd8b5', 'tarjeta_credito', 'master', 1, 'mercadopago', 377000, 0, 0, 'reservado', 'reservada', '', 0, '', '', '', 'ORDTST01KJSS3JKPA58AQKC2G7A6RMNK', 'PAY01KJSS3JKPVDSEMSKXMRB1W2H2', 'capturar', 1772539217183, 1772539218183, 0, NULL, 1772539202163, 1772539202183, 3, 1772539202168, 0);
insert into "cobros" ("id", "pedido", "intento", "cliente", "metodo", "marca", "cuotas", "proveedor", "monto", "cobrado", "reembolsado", "estado", "vista", "cierre", "anulado", "motivo", "instrucciones", "desafio", "orden", "transaccion", "accion", "hasta", "debe", "sondeos", "vence", "creado", "cambiado", "version", "mirado", "contracargo") values ('5694ee84-3709-8834-ba7a-382438021b68', '76beb2be-3c69-82d0-bc1a-9081f93d27c4', 1, 'ef5b2030-edea-8db0-b9b7-c8cac09cd8b5', 'tarjeta_credito', 'master', 1, 'mercadopago', 363000, 0, 0, 'reservado', 'reservada', '', 0, '', '', '', 'ORDTST01KJSS3JNG4YTTCX4P9KC4H45Y', 'PAY01KJSS3JNGH0ZVZ3RBD6YX5HBY', '', NULL, 1772542802226, 0, NULL, 1772539202221, 1772539202226, 2, 1772539202226, 0);
insert into "cobros" ("id", "pedido", "intento", "cliente", "metodo", "marca", "cuotas", "proveedor", "monto", "cobrado", "reembolsado", "estado", "vista", "cierre", "anulado", "motivo", "instrucciones", "desafio", "orden", "transaccion", "accion", "hasta", "debe", "sondeos", "vence", "creado", "cambiado", "version", "mirado", "contracargo") values ('b16b2684-02cc-82b0-a60e-5625257e1719', 'ae80a6bc-d64e-85f8-918f-e81eb02bea42', 1, 'ef5b2030-edea-8db0-b9b7-c8cac09cd8b5', 'tarjeta_credito', 'master', 1, 'mercadopago', 449000, 0, 0, 'reservado', 'reservada', '', 0, '', '', '', 'ORDTST01KJSS3JQ2EPFZGJ5BTXYXSCFA', 'PAY01KJSS3JQ2Z1NY6VB8G1Y1HW46', '', NULL, 1772542802291, 0, NULL, 1772539202265, 1772539202291, 2, 1772539202291, 0);
insert into "cobros" ("id", "pedido", "intento", "cliente", "metodo", "marca", "cuotas", "proveedor", "monto", "cobrado", "reembolsado", "estado", "vista", "cierre", "anulado", "motivo", "instrucciones", "desafio", "orden", "transaccion", "accion", "hasta", "debe", "sondeos", "vence", "creado", "cambiado", "version", "mirado", "contracargo") values ('e2375f9a-0033-84e9-980f-92f3599aac27', '363d855b-8fd5-8db4-a265-ce9a5a202722', 1, 'ef5b2030-edea-8db0-b9b7-c8cac09cd8b5', 'tarjeta_credito', 'master', 1, 'mercadopago', 408000, 0, 0, 'reservado', 'reservada', '', 0, '', '', '', 'ORDTST01KJSS3JRTDCRN35VKQVV7EFT3', 'PAY01KJSS3JRTNK7VQYZWKSPECE1V', '', NULL, 1772542802460, 0, NULL, 1772539202328, 1772539202460, 2, 1772539202460, 0);
insert into "cobros" ("id", "pedido", "intento", "cliente", "metodo", "marca", "cuotas", "proveedor", "monto", "cobrado", "reembolsado", "estado", "vista", "cierre", "anulado", "motivo", "instrucciones", "desafio", "orden", "transaccion", "accion", "hasta", "debe", "sondeos", "vence", "creado", "cambiado", "version", "mirado", "contracargo") values ('3c2d80a6-b94e-8273-ba52-ce6129b89282', '7b0c7cb7-7333-8fd4-bec6-a025827a2216', 1, 'ef5b2030-edea-8db0-b9b7-c8cac09cd8b5', 'tarjeta_credito', 'master', 1, 'mercadopago', 384000, 0, 0, 'pendiente', '', '', 0, '', '', '', '', '', 'crear', 1772539217364, 1772539218364, 0, NULL, 1772539202364, 1772539202364, 1, NULL, 0);
insert into "reembolsos" ("cobro", "id", "orden", "monto", "estado", "ajeno", "motivo") values ('89362b01-d55e-88e2-9e07-e76c48c15a61', 'anulacion-1464000', 1, 1464000, 'hecho', 'REF01KJSS3HFW4PRP75ACGNSZ0R9R', '');
insert into "reembolsos" ("cobro", "id", "orden", "monto", "estado", "ajeno", "motivo") values ('fde2a71b-4d8a-84d5-b941-4dbeb5d8393a', 'anulacion-490000', 1, 490000, 'hecho', 'REF01KJSS3HZ1VVKG1KCJKD2K3JB2', '');
insert into "reembolsos" ("cobro", "id", "orden", "monto", "estado", "ajeno", "motivo") values ('9c269ab3-8d99-87a5-b2e2-2709891f0fe0', 'b43c6079-e684-8bd9-8146-3cc649a75682', 1, 1000, 'hecho', 'REF01KJSS3J3GWKEJBVQ1SQP20XPJ', '');
insert into "reembolsos" ("cobro", "id", "orden", "monto", "estado", "ajeno", "motivo") values ('61a2b1a7-b7ae-83b7-9d25-677543a60a65', 'anulacion-490000', 1, 490000, 'hecho', 'REF01KJSS3J8QSR8X34G4FN4A733F', '');
insert into "reembolsos" ("cobro", "id", "orden", "monto", "estado", "ajeno", "motivo") values ('0526c515-4ca9-83b3-aa9c-fc6a67c92dbd', '6583eb54-91ed-85d0-a15d-3a14a18f806c', 1, 1000, 'pedido', '', '');
insert into "lapidas" ("pedido", "intento", "creado") values ('ffbaa0dd-da78-82cc-8929-e16d5094465a', 1, 1772539201015);
insert into "lapidas" ("pedido", "intento", "creado") values ('88d46163-67fa-8f52-9507-005378b73517', 1, 1772539201275);
insert into "lapidas" ("pedido", "intento", "creado") values ('0bf4094d-b1da-88bb-bfc7-7559b50b1c84', 1, 1772539201322);
insert into "lapidas" ("pedido", "intento", "creado") values ('0bf4094d-b1da-88bb-bfc7-7559b50b1c84', 2, 1772539201373);
insert into "lapidas" ("pedido", "intento", "creado") values ('0bf4094d-b1da-88bb-bfc7-7559b50b1c84', 3, 1772539201396);
insert into "lapidas" ("pedido", "intento", "creado") values ('2a0aabf0-270d-8eb4-a050-e25a44bb26ed', 1, 1772539201503);
insert into "lapidas" ("pedido", "intento", "creado") values ('9ee55e2d-c2c7-8d1b-9acc-72fb1a0ea7c5', 1, 1772539201814);
insert into "inbox" ("proveedor", "dato", "solicitud", "recibido", "debe", "intentos") values ('mercadopago', 'ORDTST01KJSS3H70NEKA2S2383SV2VFJ', 'NOT01KJSS3H70YV2G27YH3QAMS7Q6', 1772539200839, NULL, 1);
insert into "inbox" ("proveedor", "dato", "solicitud", "recibido", "debe", "intentos") values ('mercadopago', 'ORDTST01KJSS3H70NEKA2S2383SV2VFJ', 'NOT01KJSS3H7ZZ7BR9CMTNQEMHZV9', 1772539200890, NULL, 1);
insert into "inbox" ("proveedor", "dato", "solicitud", "recibido", "debe", "intentos") values ('mercadopago', 'ORDTST01KJSS3HC7DQ3SXJ42AHQ84WXE', 'NOT01KJSS3HC7T8PVG25DXBG845BP', 1772539201005, NULL, 1);
insert into "inbox" ("proveedor", "dato", "solicitud", "recibido", "debe", "intentos") values ('mercadopago', 'ORDTST01KJSS3HC7DQ3SXJ42AHQ84WXE', 'NOT01KJSS3HCTNZP31KYZ5HTJ1JXR', 1772539201055, NULL, 1);
insert into "inbox" ("proveedor", "dato", "solicitud", "recibido", "debe", "intentos") values ('mercadopago', 'ORDTST01KJSS3HC7DQ3SXJ42AHQ84WXE', 'NOT01KJSS3HFWKN3Q2F28W4RNCJRN', 1772539201138, NULL, 1);
insert into "inbox" ("proveedor", "dato", "solicitud", "recibido", "debe", "intentos") values ('mercadopago', 'ORDTST01KJSS3HJK1S5NSYA7BH35C4SF', 'NOT01KJSS3HJK1TMYQ4E2NBH43Q00', 1772539201212, NULL, 1);
insert into "inbox" ("proveedor", "dato", "solicitud", "recibido", "debe", "intentos") values ('mercadopago', 'ORDTST01KJSS3HJK1S5NSYA7BH35C4SF', 'NOT01KJSS3HK2XG0SXA085CCFJ77J', 1772539201243, NULL, 1);
insert into "inbox" ("proveedor", "dato", "solicitud", "recibido", "debe", "intentos") values ('mercadopago', 'ORDTST01KJSS3HPR0F2HFTJHB1FGYG0C', 'NOT01KJSS3HPR70F8SWHQE0QBTFC5', 1772539201346, NULL, 1);
insert into "inbox" ("proveedor", "dato", "solicitud", "recibido", "debe", "intentos") values ('mercadopago', 'ORDTST01KJSS3HRTRR8END2M6Y15YB8Y', 'NOT01KJSS3HRT87QZNR992Y4X1RNW', 1772539201420, NULL, 1);
insert into "inbox" ("proveedor", "dato", "solicitud", "recibido", "debe", "intentos") values ('mercadopago', 'ORDTST01KJSS3HT8160CKBGXKF9YJ6S6', 'NOT01KJSS3HT8AW4TD6MNEJV9VG8R', 1772539201463, NULL, 1);
insert into "inbox" ("proveedor", "dato", "solicitud", "recibido", "debe", "intentos") values ('mercadopago', 'ORDTST01KJSS3HVA0RWT29HYKDBD7AZ7', 'NOT01KJSS3HVAKXF234QHTYH2TBGY', 1772539201487, NULL, 1);
insert into "inbox" ("proveedor", "dato", "solicitud", "recibido", "debe", "intentos") values ('mercadopago', 'ORDTST01KJSS3HW8D6XSYQJASFKS1F7C', 'NOT01KJSS3HW88P67FHK2649DRMWK', 1772539201533, NULL, 1);
insert into "inbox" ("proveedor", "dato", "solicitud", "recibido", "debe", "intentos") values ('mercadopago', 'ORDTST01KJSS3HW8D6XSYQJASFKS1F7C', 'NOT01KJSS3HXDPWS3ZR223H3FDGPG', 1772539201557, NULL, 1);
insert into "inbox" ("proveedor", "dato", "solicitud", "recibido", "debe", "intentos") values ('mercadopago', 'ORDTST01KJSS3HW8D6XSYQJASFKS1F7C', 'NOT01KJSS3HZ1D5BQPMZ79WK0AFJF', 1772539201613, NULL, 1);
insert into "inbox" ("proveedor", "dato", "solicitud", "recibido", "debe", "intentos") values ('mercadopago', 'ORDTST01KJSS3J0CX734XCMBCC0QE0K3', 'NOT01KJSS3J0CJZADB15RTKSNGJ6F', 1772539201667, NULL, 1);
insert into "inbox" ("proveedor", "dato", "solicitud", "recibido", "debe", "intentos") values ('mercadopago', 'ORDTST01KJSS3J1QVMH1MSPX67PWK7JC', 'NOT01KJSS3J1QET8FBNDZ27SA7VPX', 1772539201708, NULL, 1);
insert into "inbox" ("proveedor", "dato", "solicitud", "recibido", "debe", "intentos") values ('mercadopago', 'ORDTST01KJSS3J1QVMH1MSPX67PWK7JC', 'NOT01KJSS3J2P8ER7Z3RVQEN40WH0', 1772539201739, NULL, 1);
insert into "inbox" ("proveedor", "dato", "solicitud", "recibido", "debe", "intentos") values ('mercadopago', 'ORDTST01KJSS3J1QVMH1MSPX67PWK7JC', 'NOT01KJSS3J3G4MQG7WFTJ0HWYPK0', 1772539201774, NULL, 1);
insert into "inbox" ("proveedor", "dato", "solicitud", "recibido", "debe", "intentos") values ('mercadopago', 'ORDTST01KJSS3J61EH7VPTSHANEDGXFB', 'NOT01KJSS3J6E8HS2VF7FSF6ECBBP', 1772539201843, NULL, 1);
insert into "inbox" ("proveedor", "dato", "solicitud", "recibido", "debe", "intentos") values ('mercadopago', 'ORDTST01KJSS3J61EH7VPTSHANEDGXFB', 'NOT01KJSS3J618NX182A6QG98PMGE', 1772539201851, NULL, 1);
insert into "inbox" ("proveedor", "dato", "solicitud", "recibido", "debe", "intentos") values ('mercadopago', 'ORDTST01KJSS3J61EH7VPTSHANEDGXFB', 'NOT01KJSS3J8QKNSXWHAR5Y08S084', 1772539201926, NULL, 1);
insert into "inbox" ("proveedor", "dato", "solicitud", "recibido", "debe", "intentos") values ('mercadopago', 'ORDTST01KJSS3J9N5TD6F9BP0PE12YT9', 'NOT01KJSS3J9N40Y1FSE6JRP7AN0B', 1772539201986, NULL, 1);
insert into "inbox" ("proveedor", "dato", "solicitud", "recibido", "debe", "intentos") values ('mercadopago', 'ORDTST01KJSS3J9N5TD6F9BP0PE12YT9', 'NOT01KJSS3JAYK233QV7TYGAYQDYR', 1772539202017, NULL, 1);
insert into "inbox" ("proveedor", "dato", "solicitud", "recibido", "debe", "intentos") values ('mercadopago', 'ORDTST01KJSS3JE40C36K0V2HVN89RBM', 'NOT01KJSS3JE4BNFNKZMCFYKHDA8J', 1772539202089, NULL, 1);
insert into "inbox" ("proveedor", "dato", "solicitud", "recibido", "debe", "intentos") values ('mercadopago', 'ORDTST01KJSS3JE40C36K0V2HVN89RBM', 'NOT01KJSS3JFE15KBKHVW4BAX9A9Q', 1772539202135, NULL, 1);
insert into "inbox" ("proveedor", "dato", "solicitud", "recibido", "debe", "intentos") values ('mercadopago', 'ORDTST01KJSS3JHTG96F7QJH2WD8CZ21', 'NOT01KJSS3JHT3K6J9K4NH5XVQT1C', 1772539202207, NULL, 1);
insert into "inbox" ("proveedor", "dato", "solicitud", "recibido", "debe", "intentos") values ('mercadopago', 'ORDTST01KJSS3JHTG96F7QJH2WD8CZ21', 'NOT01KJSS3JJD10M7TNMZ3NXFCDED', 1772539202244, NULL, 1);
insert into "inbox" ("proveedor", "dato", "solicitud", "recibido", "debe", "intentos") values ('mercadopago', 'ORDTST01KJSS3JKPA58AQKC2G7A6RMNK', 'NOT01KJSS3JKPPD9ZVHSTA2JXKH5V', 1772539202286, NULL, 1);
insert into "inbox" ("proveedor", "dato", "solicitud", "recibido", "debe", "intentos") values ('mercadopago', 'ORDTST01KJSS3JNG4YTTCX4P9KC4H45Y', 'NOT01KJSS3JNGB5TBHJY1MMEW0CZR', 1772539202337, NULL, 1);
insert into "inbox" ("proveedor", "dato", "solicitud", "recibido", "debe", "intentos") values ('mercadopago', 'ORDTST01KJSS3JQ2EPFZGJ5BTXYXSCFA', 'NOT01KJSS3JQ220WJF3JZA48D2G4T', 1772539202384, NULL, 1);
insert into "inbox" ("proveedor", "dato", "solicitud", "recibido", "debe", "intentos") values ('mercadopago', 'ORDTST01KJSS3JRTDCRN35VKQVV7EFT3', 'NOT01KJSS3JRT5MS86ZMV7ZPDA28Q', 1772539202441, NULL, 1);
insert into "avisos" ("id", "pedido", "intento", "intentos", "proximo", "creado") values ('01a22ee9-db95-7679-ad0d-448f57b41e6e', '9ee55e2d-c2c7-8d1b-9acc-72fb1a0ea7c5', 1, 2, 1796083408633, 1796083407765);
insert into "avisos" ("id", "pedido", "intento", "intentos", "proximo", "creado") values ('01a22ee9-dd01-7728-89ff-049b335a19cc', '9ae88481-1261-8984-a677-aa38c33341a3', 1, 2, 1796083408892, 1796083408129);
insert into "avisos" ("id", "pedido", "intento", "intentos", "proximo", "creado") values ('01a22ee9-ddf8-74b6-8cda-2a475f130765', '363d855b-8fd5-8db4-a265-ce9a5a202722', 1, 1, 1796083408632, 1796083408376);
delete from sqlite_sequence;
insert into "sqlite_sequence" ("name", "seq") values ('migraciones_pagos', 5);
CREATE INDEX cobros_lista on cobros (creado, id);
CREATE INDEX cobros_cliente on cobros (cliente, creado, id);
CREATE INDEX cobros_estado on cobros (estado, creado, id);
CREATE INDEX cobros_orden on cobros (orden) where orden <> '';
CREATE INDEX cobros_debe on cobros (debe) where debe is not null;
CREATE INDEX inbox_debe on inbox (debe) where debe is not null;
CREATE INDEX inbox_recibido on inbox (recibido);
CREATE INDEX avisos_proximo on avisos (proximo);
commit;
