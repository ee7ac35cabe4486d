package sqldb

// Compartida reports whether other processes may use the schema at the same time: true for a schema of a PostgreSQL
// server, false for a SQLite file, because Cerrojo locks its folder for one process.
func (d *DB) Compartida() bool {
	_, servidor := d.motor.(*postgresDB)
	return servidor
}
