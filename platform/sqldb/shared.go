package sqldb

// Shared reports whether other processes may use the schema at the same time: true for a schema of a PostgreSQL
// server, false for a SQLite file, because LockFolder locks its folder for one process.
func (d *DB) Shared() bool {
	_, servidor := d.engine.(*postgresDB)
	return servidor
}
