package promesas_test

import (
	"database/sql"
	"path/filepath"
	"testing"
	"time"

	"despensa/pruebas/kit"

	"go.mongodb.org/mongo-driver/bson"
)

// twoDates is stock of one depot that holds a batch under two dates, as release 0.3.0 took it in: five units each.
type twoDates struct {
	product, depot string
	first, second  time.Time
}

// batchOfTwoDates is the batch's name.
const batchOfTwoDates = "L-0.3.0"

// writeTwoDates splits a batch of two dates off the largest stock in the data of a prepared folder; the sums do not
// change.
func writeTwoDates(t *testing.T, data string, at time.Time) (b twoDates) {
	t.Helper()
	b.first, b.second = at.AddDate(0, 0, 30), at.AddDate(0, 0, 60)
	db, err := sql.Open("sqlite", filepath.Join(data, "pedidos.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	var id string
	var doc []byte
	row := db.QueryRow(
		"select id, producto, deposito, doc from existencias order by libre desc, id limit 1",
	)
	if err := row.Scan(&id, &b.product, &b.depot, &doc); err != nil {
		t.Fatal(err)
	}
	if doc, err = bson.Marshal(b.split(t, doc)); err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec("update existencias set doc = ? where id = ?", doc, id); err != nil {
		t.Fatal(err)
	}
	return b
}

// split gives the stock doc with ten units of its first batch under the name of two dates.
func (b twoDates) split(t *testing.T, doc []byte) bson.D {
	t.Helper()
	var d bson.D
	if err := bson.Unmarshal(doc, &d); err != nil {
		t.Fatal(err)
	}
	for i, e := range d {
		lotes, is := e.Value.(bson.A)
		if e.Key != "lotes" || !is || len(lotes) == 0 {
			continue
		}
		var batch struct {
			ID    string     `bson:"id"`
			Vence *time.Time `bson:"vence"`
			Libre int64      `bson:"libre"`
		}
		raw, err := bson.Marshal(lotes[0])
		if err == nil {
			err = bson.Unmarshal(raw, &batch)
		}
		if err != nil || batch.Libre < 10 {
			t.Fatalf("the first batch has %d units: %v", batch.Libre, err)
		}
		batch.Libre -= 10
		lotes[0] = batch
		two := bson.A{}
		for _, day := range []time.Time{b.first, b.second} {
			two = append(
				two,
				bson.D{
					{Key: "id", Value: batchOfTwoDates},
					{Key: "vence", Value: day},
					{Key: "libre", Value: int64(5)},
				},
			)
		}
		d[i].Value = append(two, lotes...)
		return d
	}
	t.Fatal("the largest stock has no batch")
	return nil
}

// goOn takes eight units into the batch, under its first date alone, and out again, of either date.
func (b twoDates) goOn(program *kit.Program) {
	program.T.Helper()
	path := "/productos/" + b.product + "/movimientos"
	move := func(n int, vence *time.Time) map[string]any {
		m := map[string]any{
			"cantidad":    n,
			"motivo":      "recuento",
			"deposito_id": b.depot,
			"lote":        batchOfTwoDates,
		}
		if vence != nil {
			m["vence"] = *vence
		}
		return m
	}
	if code := program.Code("admin", "POST", path, move(8, &b.second)); code != "lote-con-otra-fecha" {
		program.T.Errorf("the second date again: %q", code)
	}
	program.Must("admin", "POST", path, move(8, &b.first), nil)
	program.Must("admin", "POST", path, move(-8, nil), nil)
}
