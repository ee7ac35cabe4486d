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
insert into "migraciones_pagos" ("id", "version_id", "is_applied", "tstamp") values (1, 0, 1, '2026-11-30 18:15:04');
insert into "migraciones_pagos" ("id", "version_id", "is_applied", "tstamp") values (2, 1, 1, '2026-11-30 18:15:04');
insert into "migraciones_pagos" ("id", "version_id", "is_applied", "tstamp") values (3, 2, 1, '2026-11-30 18:15:04');
insert into "migraciones_pagos" ("id", "version_id", "is_applied", "tstamp") values (4, 3, 1, '2026-11-30 18:15:04');
insert into "migraciones_pagos" ("id", "version_id", "is_applied", "tstamp") values (5, 4, 1, '2026-11-30 18:15:04');
insert into "cobros" ("id", "pedido", "intento", "cliente", "metodo", "marca", "cuotas", "proveedor", "monto", "cobrado", "reembolsado", "estado", "vista", "cierre", "anulado", "motivo", "instrucciones", "desafio", "orden", "transaccion", "accion", "hasta", "debe", "sondeos", "vence", "creado", "cambiado", "version", "mirado", "contracargo") values ('d2fd12eb-9364-8ccd-8109-1265aac6f9b5', '13b78873-1124-84df-b9e1-7276fa95a44d', 1, 'ef5b2030-edea-8db0-b9b7-c8cac09cd8b5', 'tarjeta_credito', 'master', 1, 'mercadopago', 1464000, 1464000, 0, 'cobrado', 'cobrada', '', 0, '', '', '', 'ORDTST01KJSS3GTDXNK9BHKQSMWG54E8', 'PAY01KJSS3GTDB8JV632V6JH4ETKB', '', NULL, 1772542800345, 0, NULL, 1772539200330, 1772539200345, 4, 1772539200345, 0);
insert into "cobros" ("id", "pedido", "intento", "cliente", "metodo", "marca", "cuotas", "proveedor", "monto", "cobrado", "reembolsado", "estado", "vista", "cierre", "anulado", "motivo", "instrucciones", "desafio", "orden", "transaccion", "accion", "hasta", "debe", "sondeos", "vence", "creado", "cambiado", "version", "mirado", "contracargo") values ('cb579d72-a583-8b89-94f2-d09098d1c280', '8d5ec22e-3e38-8219-ba63-dd44f6e9e65b', 1, 'ef5b2030-edea-8db0-b9b7-c8cac09cd8b5', 'tarjeta_credito', 'master', 1, 'mercadopago', 1464000, 1464000, 1464000, 'reembolsado', 'cobrada', 'anulado', 1, '', '', '', 'ORDTST01KJSS3GWB0ADAFZT7FFQYTJYV', 'PAY01KJSS3GWB1XGSD7JGBXB40KDJ', '', NULL, NULL, 0, NULL, 1772539200394, 1772539200442, 6, 1772539200442, 0);
insert into "cobros" ("id", "pedido", "intento", "cliente", "metodo", "marca", "cuotas", "proveedor", "monto", "cobrado", "reembolsado", "estado", "vista", "cierre", "anulado", "motivo", "instrucciones", "desafio", "orden", "transaccion", "accion", "hasta", "debe", "sondeos", "vence", "creado", "cambiado", "version", "mirado", "contracargo") values ('d69915a2-b730-8c4c-a6c4-7905f9e16a80', 'a5052594-e181-8a70-9eda-5ce8e560e487', 1, 'ef5b2030-edea-8db0-b9b7-c8cac09cd8b5', 'tarjeta_credito', 'master', 1, 'mercadopago', 490000, 490000, 0, 'cobrado', 'cobrada', '', 0, '', '', '', 'ORDTST01KJSS3GYBSKBCG8GCM63TNHZ1', 'PAY01KJSS3GYB0HPABTC6MMDSH23H', '', NULL, 1772542800467, 0, NULL, 1772539200457, 1772539200467, 4, 1772539200467, 0);
insert into "cobros" ("id", "pedido", "intento", "cliente", "metodo", "marca", "cuotas", "proveedor", "monto", "cobrado", "reembolsado", "estado", "vista", "cierre", "anulado", "motivo", "instrucciones", "desafio", "orden", "transaccion", "accion", "hasta", "debe", "sondeos", "vence", "creado", "cambiado", "version", "mirado", "contracargo") values ('cad48c6d-279f-8836-b571-4d1db85ffa12', '62f476a9-b3c2-8e39-8d17-22be6940df9a', 1, 'ef5b2030-edea-8db0-b9b7-c8cac09cd8b5', 'tarjeta_credito', 'master', 1, 'mercadopago', 490000, 0, 0, 'rechazado', 'rechazada', 'rechazado', 1, 'sin-fondos', '', '', 'ORDTST01KJSS3GZMEMMZGACYDMARF5JC', 'PAY01KJSS3GZMS0RHK5WBGSY290BB', '', NULL, NULL, 0, NULL, 1772539200498, 1772539200506, 3, 1772539200502, 0);
insert into "cobros" ("id", "pedido", "intento", "cliente", "metodo", "marca", "cuotas", "proveedor", "monto", "cobrado", "reembolsado", "estado", "vista", "cierre", "anulado", "motivo", "instrucciones", "desafio", "orden", "transaccion", "accion", "hasta", "debe", "sondeos", "vence", "creado", "cambiado", "version", "mirado", "contracargo") values ('99d6353a-a7d3-8544-8ae4-c734b2aa907c', '29fe26a6-c63f-84ef-afbe-5cde2c8a928c', 1, 'ef5b2030-edea-8db0-b9b7-c8cac09cd8b5', 'tarjeta_credito', 'master', 1, 'mercadopago', 490000, 0, 0, 'rechazado', 'rechazada', 'rechazado', 1, 'sin-fondos', '', '', 'ORDTST01KJSS3H05P2YFYV7H8XC57BB4', 'PAY01KJSS3H05WHS043W3V7YCH3X3', '', NULL, NULL, 0, NULL, 1772539200516, 1772539200522, 3, 1772539200518, 0);
insert into "cobros" ("id", "pedido", "intento", "cliente", "metodo", "marca", "cuotas", "proveedor", "monto", "cobrado", "reembolsado", "estado", "vista", "cierre", "anulado", "motivo", "instrucciones", "desafio", "orden", "transaccion", "accion", "hasta", "debe", "sondeos", "vence", "creado", "cambiado", "version", "mirado", "contracargo") values ('aa1034bc-b883-8e46-8cfe-9890ab947503', '29fe26a6-c63f-84ef-afbe-5cde2c8a928c', 2, 'ef5b2030-edea-8db0-b9b7-c8cac09cd8b5', 'tarjeta_credito', 'master', 1, 'mercadopago', 490000, 0, 0, 'rechazado', 'rechazada', 'rechazado', 1, 'sin-fondos', '', '', 'ORDTST01KJSS3H0KTE5X672M9WP36ACW', 'PAY01KJSS3H0K6X2KNAR2KDMD5KCQ', '', NULL, NULL, 0, NULL, 1772539200530, 1772539200537, 3, 1772539200533, 0);
insert into "cobros" ("id", "pedido", "intento", "cliente", "metodo", "marca", "cuotas", "proveedor", "monto", "cobrado", "reembolsado", "estado", "vista", "cierre", "anulado", "motivo", "instrucciones", "desafio", "orden", "transaccion", "accion", "hasta", "debe", "sondeos", "vence", "creado", "cambiado", "version", "mirado", "contracargo") values ('5c0720ba-8bb6-8b20-b8b9-4401e20558f9', '29fe26a6-c63f-84ef-afbe-5cde2c8a928c', 3, 'ef5b2030-edea-8db0-b9b7-c8cac09cd8b5', 'tarjeta_credito', 'master', 1, 'mercadopago', 490000, 0, 0, 'rechazado', 'rechazada', 'rechazado', 1, 'sin-fondos', '', '', 'ORDTST01KJSS3H16T75P6MMVJH4QWCA8', 'PAY01KJSS3H16SSG12YAMNPFDHDC2', '', NULL, NULL, 0, NULL, 1772539200547, 1772539200558, 3, 1772539200552, 0);
insert into "cobros" ("id", "pedido", "intento", "cliente", "metodo", "marca", "cuotas", "proveedor", "monto", "cobrado", "reembolsado", "estado", "vista", "cierre", "anulado", "motivo", "instrucciones", "desafio", "orden", "transaccion", "accion", "hasta", "debe", "sondeos", "vence", "creado", "cambiado", "version", "mirado", "contracargo") values ('b483f66c-b4f8-892f-a180-8bfe8db7bb0b', '7b3dc923-fde0-867b-aa6e-b60eea99381e', 1, 'ef5b2030-edea-8db0-b9b7-c8cac09cd8b5', 'tarjeta_credito', 'master', 1, 'mercadopago', 490000, 490000, 490000, 'reembolsado', 'cobrada', 'anulado', 1, '', '', '', 'ORDTST01KJSS3H1QPQT6AAKHHK79A7PT', 'PAY01KJSS3H1QW6JDKTNPEPJYKX69', '', NULL, NULL, 0, NULL, 1772539200566, 1772539200592, 6, 1772539200592, 0);
insert into "cobros" ("id", "pedido", "intento", "cliente", "metodo", "marca", "cuotas", "proveedor", "monto", "cobrado", "reembolsado", "estado", "vista", "cierre", "anulado", "motivo", "instrucciones", "desafio", "orden", "transaccion", "accion", "hasta", "debe", "sondeos", "vence", "creado", "cambiado", "version", "mirado", "contracargo") values ('bf9eacda-fd1d-8044-9e46-503c99a3f56a', '8e91cd7e-c7cd-83d4-b461-2d421a0e4441', 1, 'ef5b2030-edea-8db0-b9b7-c8cac09cd8b5', 'efectivo', '', 1, 'mercadopago', 490000, 0, 0, 'pendiente', 'en_espera', '', 0, '', 'Pagar en: rapipago; código: 1016822317112262563; código de barras: 10168223171122625638045375246751952928', '', 'ORDTST01KJSS3H2VTWST498KRCCJHF70', 'PAY01KJSS3H2V5CZQD805SD0Y0HJM', '', NULL, 1772539201049, 2, 1772798400589, 1772539200600, 1772539200849, 4, 1772539200849, 0);
insert into "cobros" ("id", "pedido", "intento", "cliente", "metodo", "marca", "cuotas", "proveedor", "monto", "cobrado", "reembolsado", "estado", "vista", "cierre", "anulado", "motivo", "instrucciones", "desafio", "orden", "transaccion", "accion", "hasta", "debe", "sondeos", "vence", "creado", "cambiado", "version", "mirado", "contracargo") values ('f22328fd-5923-8451-bfe8-8591dc9f281f', '92318fee-fb72-8767-82d1-33d7ace2fcd0', 1, 'ef5b2030-edea-8db0-b9b7-c8cac09cd8b5', 'tarjeta_credito', 'master', 1, 'mercadopago', 490000, 490000, 1000, 'cobrado', 'cobrada', '', 0, '', '', '', 'ORDTST01KJSS3H3DA63GV0NZ42D2M1ZH', 'PAY01KJSS3H3D8H1W4TWA5N5WT25W', '', NULL, 1772542800643, 0, NULL, 1772539200620, 1772539200643, 6, 1772539200643, 0);
insert into "cobros" ("id", "pedido", "intento", "cliente", "metodo", "marca", "cuotas", "proveedor", "monto", "cobrado", "reembolsado", "estado", "vista", "cierre", "anulado", "motivo", "instrucciones", "desafio", "orden", "transaccion", "accion", "hasta", "debe", "sondeos", "vence", "creado", "cambiado", "version", "mirado", "contracargo") values ('a628269b-6c13-8b09-9ee3-5e79f0e4590e', '09e05e8b-c876-870e-9f7d-03ca4269dafc', 1, 'ef5b2030-edea-8db0-b9b7-c8cac09cd8b5', 'tarjeta_credito', 'master', 1, 'mercadopago', 490000, 490000, 490000, 'reembolsado', 'cobrada', 'anulado', 1, '', '', '', 'ORDTST01KJSS3H4KTPTXADFKYTNSAMM9', 'PAY01KJSS3H4K5M9NHV943V95ZQ53', '', NULL, NULL, 0, NULL, 1772539200658, 1772539200781, 6, 1772539200781, 0);
insert into "cobros" ("id", "pedido", "intento", "cliente", "metodo", "marca", "cuotas", "proveedor", "monto", "cobrado", "reembolsado", "estado", "vista", "cierre", "anulado", "motivo", "instrucciones", "desafio", "orden", "transaccion", "accion", "hasta", "debe", "sondeos", "vence", "creado", "cambiado", "version", "mirado", "contracargo") values ('5c3d72da-c12c-8f69-9689-732988d6841f', '54f12b71-8883-8462-9e8c-58bfe8f8655f', 1, 'ef5b2030-edea-8db0-b9b7-c8cac09cd8b5', 'tarjeta_credito', 'master', 1, 'mercadopago', 490000, 490000, 0, 'cobrado', 'cobrada', '', 0, '', '', '', 'ORDTST01KJSS3H62ZN3DCX521E4M9K2F', 'PAY01KJSS3H62YQD73E67SJ4KVRA9', 'reembolsar', 1772539215735, 1772539216735, 0, NULL, 1772539200699, 1772539200734, 5, 1772539200723, 0);
insert into "cobros" ("id", "pedido", "intento", "cliente", "metodo", "marca", "cuotas", "proveedor", "monto", "cobrado", "reembolsado", "estado", "vista", "cierre", "anulado", "motivo", "instrucciones", "desafio", "orden", "transaccion", "accion", "hasta", "debe", "sondeos", "vence", "creado", "cambiado", "version", "mirado", "contracargo") values ('a492b662-e7bd-81a7-8f91-9920973a6f76', '114dd642-5b5d-8d10-be1c-6f461b1df136', 1, 'ef5b2030-edea-8db0-b9b7-c8cac09cd8b5', 'tarjeta_credito', 'master', 1, 'mercadopago', 490000, 490000, 0, 'cobrado', 'cobrada', '', 0, '', '', '', 'ORDTST01KJSS3H7BR11YEHQVRFTPGGH8', 'PAY01KJSS3H7B3APEADRY4SB2H8EW', '', NULL, 1772542800755, 0, NULL, 1772539200745, 1772539200755, 4, 1772539200755, 0);
insert into "cobros" ("id", "pedido", "intento", "cliente", "metodo", "marca", "cuotas", "proveedor", "monto", "cobrado", "reembolsado", "estado", "vista", "cierre", "anulado", "motivo", "instrucciones", "desafio", "orden", "transaccion", "accion", "hasta", "debe", "sondeos", "vence", "creado", "cambiado", "version", "mirado", "contracargo") values ('b56832aa-87a1-8ebd-8485-d7d3b5681048', '5028e1f5-11ea-841d-9273-2d427910dd12', 1, 'ef5b2030-edea-8db0-b9b7-c8cac09cd8b5', 'tarjeta_credito', 'master', 1, 'mercadopago', 490000, 490000, 0, 'cobrado', 'cobrada', '', 0, '', '', '', 'ORDTST01KJSS3H82HQYSDHWZBKSZX1PX', 'PAY01KJSS3H82DBYWJ551BNABZS50', '', NULL, 1772542800879, 0, NULL, 1772539200770, 1772539200880, 4, 1772539200879, 0);
insert into "cobros" ("id", "pedido", "intento", "cliente", "metodo", "marca", "cuotas", "proveedor", "monto", "cobrado", "reembolsado", "estado", "vista", "cierre", "anulado", "motivo", "instrucciones", "desafio", "orden", "transaccion", "accion", "hasta", "debe", "sondeos", "vence", "creado", "cambiado", "version", "mirado", "contracargo") values ('6eca1c62-612a-8b84-a875-d4e4d4ced5a6', 'a09425bd-e71c-83a3-8a02-cdbd39f17380', 1, 'ef5b2030-edea-8db0-b9b7-c8cac09cd8b5', 'tarjeta_credito', 'master', 1, 'mercadopago', 377000, 0, 0, 'reservado', 'reservada', '', 0, '', '', '', 'ORDTST01KJSS3H8V8RG5FAEH10TFA4S6', 'PAY01KJSS3H8VJ3K2NE5RKHTQ93EA', 'capturar', 1772539215800, 1772539216800, 0, NULL, 1772539200794, 1772539200800, 3, 1772539200796, 0);
insert into "cobros" ("id", "pedido", "intento", "cliente", "metodo", "marca", "cuotas", "proveedor", "monto", "cobrado", "reembolsado", "estado", "vista", "cierre", "anulado", "motivo", "instrucciones", "desafio", "orden", "transaccion", "accion", "hasta", "debe", "sondeos", "vence", "creado", "cambiado", "version", "mirado", "contracargo") values ('7ab24879-626b-8d25-90d8-9f3fce975bd5', '66ca121b-818c-819d-a4f5-0b1b88f954e9', 1, 'ef5b2030-edea-8db0-b9b7-c8cac09cd8b5', 'tarjeta_credito', 'master', 1, 'mercadopago', 363000, 0, 0, 'reservado', 'reservada', '', 0, '', '', '', 'ORDTST01KJSS3H9BTXV4EETTKFY11NGR', 'PAY01KJSS3H9BF1NK8S7N0TJSWJXE', '', NULL, 1772542800812, 0, NULL, 1772539200810, 1772539200812, 2, 1772539200812, 0);
insert into "cobros" ("id", "pedido", "intento", "cliente", "metodo", "marca", "cuotas", "proveedor", "monto", "cobrado", "reembolsado", "estado", "vista", "cierre", "anulado", "motivo", "instrucciones", "desafio", "orden", "transaccion", "accion", "hasta", "debe", "sondeos", "vence", "creado", "cambiado", "version", "mirado", "contracargo") values ('a4d750c6-125f-8f92-85fe-7151f2953d21', '2339b469-65ba-8ed0-b51c-0a302a3edec8', 1, 'ef5b2030-edea-8db0-b9b7-c8cac09cd8b5', 'tarjeta_credito', 'master', 1, 'mercadopago', 449000, 0, 0, 'reservado', 'reservada', '', 0, '', '', '', 'ORDTST01KJSS3H9VH7QA2HB17J39PYSN', 'PAY01KJSS3H9VWRMP1K4JSPJF052S', '', NULL, 1772542800830, 0, NULL, 1772539200826, 1772539200830, 2, 1772539200830, 0);
insert into "cobros" ("id", "pedido", "intento", "cliente", "metodo", "marca", "cuotas", "proveedor", "monto", "cobrado", "reembolsado", "estado", "vista", "cierre", "anulado", "motivo", "instrucciones", "desafio", "orden", "transaccion", "accion", "hasta", "debe", "sondeos", "vence", "creado", "cambiado", "version", "mirado", "contracargo") values ('93af1e94-c673-8824-8e5e-048e6ad1c5f9', '99091cd5-a17f-8667-bbdf-bf4e89da224d', 1, 'ef5b2030-edea-8db0-b9b7-c8cac09cd8b5', 'tarjeta_credito', 'master', 1, 'mercadopago', 408000, 0, 0, 'pendiente', '', '', 0, '', '', '', '', '', 'crear', 1772539215843, 1772539216843, 0, NULL, 1772539200843, 1772539200843, 1, NULL, 0);
insert into "cobros" ("id", "pedido", "intento", "cliente", "metodo", "marca", "cuotas", "proveedor", "monto", "cobrado", "reembolsado", "estado", "vista", "cierre", "anulado", "motivo", "instrucciones", "desafio", "orden", "transaccion", "accion", "hasta", "debe", "sondeos", "vence", "creado", "cambiado", "version", "mirado", "contracargo") values ('0e46a7dc-58bf-8ec2-bd61-ed17a809e791', '8e99196d-9b3a-85d2-8031-b59b47e1de48', 1, 'ef5b2030-edea-8db0-b9b7-c8cac09cd8b5', 'tarjeta_credito', 'master', 1, 'mercadopago', 384000, 0, 0, 'pendiente', '', '', 0, '', '', '', '', '', 'crear', 1772539215855, 1772539216855, 0, NULL, 1772539200855, 1772539200855, 1, NULL, 0);
insert into "reembolsos" ("cobro", "id", "orden", "monto", "estado", "ajeno", "motivo") values ('cb579d72-a583-8b89-94f2-d09098d1c280', 'anulacion-1464000', 1, 1464000, 'hecho', 'REF01KJSS3GXS1D7PPXTNN11J4TFS', '');
insert into "reembolsos" ("cobro", "id", "orden", "monto", "estado", "ajeno", "motivo") values ('b483f66c-b4f8-892f-a180-8bfe8db7bb0b', 'anulacion-490000', 1, 490000, 'hecho', 'REF01KJSS3H2BNVAT6NZWFCC7MXJX', '');
insert into "reembolsos" ("cobro", "id", "orden", "monto", "estado", "ajeno", "motivo") values ('f22328fd-5923-8451-bfe8-8591dc9f281f', '6309cbea-b33c-8a73-bf4d-24d11fce9124', 1, 1000, 'hecho', 'REF01KJSS3H41999EMZYHBT86RYRQ', '');
insert into "reembolsos" ("cobro", "id", "orden", "monto", "estado", "ajeno", "motivo") values ('a628269b-6c13-8b09-9ee3-5e79f0e4590e', 'anulacion-490000', 1, 490000, 'hecho', 'REF01KJSS3H57BKW6WXAN1QWCYQDE', '');
insert into "reembolsos" ("cobro", "id", "orden", "monto", "estado", "ajeno", "motivo") values ('5c3d72da-c12c-8f69-9689-732988d6841f', '4956904e-e50b-8ea2-868f-f3319b4e30cf', 1, 1000, 'pedido', '', '');
insert into "lapidas" ("pedido", "intento", "creado") values ('8d5ec22e-3e38-8219-ba63-dd44f6e9e65b', 1, 1772539200440);
insert into "lapidas" ("pedido", "intento", "creado") values ('62f476a9-b3c2-8e39-8d17-22be6940df9a', 1, 1772539200506);
insert into "lapidas" ("pedido", "intento", "creado") values ('29fe26a6-c63f-84ef-afbe-5cde2c8a928c', 1, 1772539200522);
insert into "lapidas" ("pedido", "intento", "creado") values ('29fe26a6-c63f-84ef-afbe-5cde2c8a928c', 2, 1772539200537);
insert into "lapidas" ("pedido", "intento", "creado") values ('29fe26a6-c63f-84ef-afbe-5cde2c8a928c', 3, 1772539200558);
insert into "lapidas" ("pedido", "intento", "creado") values ('7b3dc923-fde0-867b-aa6e-b60eea99381e', 1, 1772539200585);
insert into "lapidas" ("pedido", "intento", "creado") values ('09e05e8b-c876-870e-9f7d-03ca4269dafc', 1, 1772539200678);
insert into "inbox" ("proveedor", "dato", "solicitud", "recibido", "debe", "intentos") values ('mercadopago', 'ORDTST01KJSS3GTDXNK9BHKQSMWG54E8', 'NOT01KJSS3GTD2T4818174KVVVNNK', 1772539200437, NULL, 1);
insert into "inbox" ("proveedor", "dato", "solicitud", "recibido", "debe", "intentos") values ('mercadopago', 'ORDTST01KJSS3GTDXNK9BHKQSMWG54E8', 'NOT01KJSS3GTP8ZRGMPPQZPSXAPQR', 1772539200460, NULL, 1);
insert into "inbox" ("proveedor", "dato", "solicitud", "recibido", "debe", "intentos") values ('mercadopago', 'ORDTST01KJSS3GWB0ADAFZT7FFQYTJYV', 'NOT01KJSS3GWHBFKCQ1BFV8XEEHS0', 1772539200502, NULL, 1);
insert into "inbox" ("proveedor", "dato", "solicitud", "recibido", "debe", "intentos") values ('mercadopago', 'ORDTST01KJSS3GWB0ADAFZT7FFQYTJYV', 'NOT01KJSS3GWBQWX5S27597XRG05X', 1772539200503, NULL, 1);
insert into "inbox" ("proveedor", "dato", "solicitud", "recibido", "debe", "intentos") values ('mercadopago', 'ORDTST01KJSS3GWB0ADAFZT7FFQYTJYV', 'NOT01KJSS3GXS17JDT49PR8T0R2Z5', 1772539200546, NULL, 1);
insert into "inbox" ("proveedor", "dato", "solicitud", "recibido", "debe", "intentos") values ('mercadopago', 'ORDTST01KJSS3GYBSKBCG8GCM63TNHZ1', 'NOT01KJSS3GYJ3YTC5WGRF9DCEXYG', 1772539200572, NULL, 1);
insert into "inbox" ("proveedor", "dato", "solicitud", "recibido", "debe", "intentos") values ('mercadopago', 'ORDTST01KJSS3GYBSKBCG8GCM63TNHZ1', 'NOT01KJSS3GYBFGVVJM5Z539QZKC3', 1772539200572, NULL, 1);
insert into "inbox" ("proveedor", "dato", "solicitud", "recibido", "debe", "intentos") values ('mercadopago', 'ORDTST01KJSS3GZMEMMZGACYDMARF5JC', 'NOT01KJSS3GZMN89HRM7K5H4RZS0T', 1772539200616, NULL, 1);
insert into "inbox" ("proveedor", "dato", "solicitud", "recibido", "debe", "intentos") values ('mercadopago', 'ORDTST01KJSS3H05P2YFYV7H8XC57BB4', 'NOT01KJSS3H05YNYT5DTTEV9V99QE', 1772539200642, NULL, 1);
insert into "inbox" ("proveedor", "dato", "solicitud", "recibido", "debe", "intentos") values ('mercadopago', 'ORDTST01KJSS3H0KTE5X672M9WP36ACW', 'NOT01KJSS3H0KNDKS9WSV8CRSJT6P', 1772539200643, NULL, 1);
insert into "inbox" ("proveedor", "dato", "solicitud", "recibido", "debe", "intentos") values ('mercadopago', 'ORDTST01KJSS3H16T75P6MMVJH4QWCA8', 'NOT01KJSS3H160P1Z3NSV75JQD9T6', 1772539200667, NULL, 1);
insert into "inbox" ("proveedor", "dato", "solicitud", "recibido", "debe", "intentos") values ('mercadopago', 'ORDTST01KJSS3H1QPQT6AAKHHK79A7PT', 'NOT01KJSS3H2BEJF2RER63GEX458A', 1772539200690, NULL, 1);
insert into "inbox" ("proveedor", "dato", "solicitud", "recibido", "debe", "intentos") values ('mercadopago', 'ORDTST01KJSS3H1QPQT6AAKHHK79A7PT', 'NOT01KJSS3H1QMB77VSWTEGBVE1GT', 1772539200692, NULL, 1);
insert into "inbox" ("proveedor", "dato", "solicitud", "recibido", "debe", "intentos") values ('mercadopago', 'ORDTST01KJSS3H1QPQT6AAKHHK79A7PT', 'NOT01KJSS3H1Y4BZXP3WZFH1TC1KK', 1772539200696, NULL, 1);
insert into "inbox" ("proveedor", "dato", "solicitud", "recibido", "debe", "intentos") values ('mercadopago', 'ORDTST01KJSS3H3DA63GV0NZ42D2M1ZH', 'NOT01KJSS3H3KKM4MXF8N76J48XXS', 1772539200730, NULL, 1);
insert into "inbox" ("proveedor", "dato", "solicitud", "recibido", "debe", "intentos") values ('mercadopago', 'ORDTST01KJSS3H2VTWST498KRCCJHF70', 'NOT01KJSS3H2VMS4DKHHSNCN7B3Q1', 1772539200730, NULL, 1);
insert into "inbox" ("proveedor", "dato", "solicitud", "recibido", "debe", "intentos") values ('mercadopago', 'ORDTST01KJSS3H3DA63GV0NZ42D2M1ZH', 'NOT01KJSS3H3D74E545QM9KV2V3A5', 1772539200731, NULL, 1);
insert into "inbox" ("proveedor", "dato", "solicitud", "recibido", "debe", "intentos") values ('mercadopago', 'ORDTST01KJSS3H3DA63GV0NZ42D2M1ZH', 'NOT01KJSS3H41F3SGKKJ4CZM6RX8K', 1772539200754, NULL, 1);
insert into "inbox" ("proveedor", "dato", "solicitud", "recibido", "debe", "intentos") values ('mercadopago', 'ORDTST01KJSS3H4KTPTXADFKYTNSAMM9', 'NOT01KJSS3H4SXD3ZE3WZ4YW1GGD0', 1772539200776, NULL, 1);
insert into "inbox" ("proveedor", "dato", "solicitud", "recibido", "debe", "intentos") values ('mercadopago', 'ORDTST01KJSS3H4KTPTXADFKYTNSAMM9', 'NOT01KJSS3H4KFB0SY2XVR7527NFE', 1772539200778, NULL, 1);
insert into "inbox" ("proveedor", "dato", "solicitud", "recibido", "debe", "intentos") values ('mercadopago', 'ORDTST01KJSS3H4KTPTXADFKYTNSAMM9', 'NOT01KJSS3H57YAEKXWD1S23ZBWFS', 1772539200802, NULL, 1);
insert into "inbox" ("proveedor", "dato", "solicitud", "recibido", "debe", "intentos") values ('mercadopago', 'ORDTST01KJSS3H62ZN3DCX521E4M9K2F', 'NOT01KJSS3H6JXVF6S1JZ55NYESZX', 1772539200824, NULL, 1);
insert into "inbox" ("proveedor", "dato", "solicitud", "recibido", "debe", "intentos") values ('mercadopago', 'ORDTST01KJSS3H62ZN3DCX521E4M9K2F', 'NOT01KJSS3H62E4CXCERGF39QTHQR', 1772539200826, NULL, 1);
insert into "inbox" ("proveedor", "dato", "solicitud", "recibido", "debe", "intentos") values ('mercadopago', 'ORDTST01KJSS3H7BR11YEHQVRFTPGGH8', 'NOT01KJSS3H7BEA5V2DZ4YSD93HX4', 1772539200851, NULL, 1);
insert into "inbox" ("proveedor", "dato", "solicitud", "recibido", "debe", "intentos") values ('mercadopago', 'ORDTST01KJSS3H7BR11YEHQVRFTPGGH8', 'NOT01KJSS3H7J74D9DWAQXFWQT4T8', 1772539200875, 1772539200895, 0);
insert into "inbox" ("proveedor", "dato", "solicitud", "recibido", "debe", "intentos") values ('mercadopago', 'ORDTST01KJSS3H82HQYSDHWZBKSZX1PX', 'NOT01KJSS3H828BCJ5X89R54BA1N0', 1772539200875, NULL, 1);
insert into "avisos" ("id", "pedido", "intento", "intentos", "proximo", "creado") values ('01a22daa-e7c0-76df-b0fb-33f8a090e347', '09e05e8b-c876-870e-9f7d-03ca4269dafc', 1, 1, 1796062505147, 1796062504896);
insert into "avisos" ("id", "pedido", "intento", "intentos", "proximo", "creado") values ('01a22daa-e821-7b2e-806f-72ddf899de6f', '5028e1f5-11ea-841d-9273-2d427910dd12', 1, 1, 1796062505244, 1796062504993);
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
