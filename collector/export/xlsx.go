package export

import (
	"archive/zip"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/xuri/excelize/v2"
)

// What a sheet may hold. Excel has so many rows and columns; and of a sheet beyond 4 GiB of XML it wants a
// header that a zip which is written as it goes cannot have. cellXML is what a cell takes beside its text.
const (
	maxSheetRows    = 1 << 20
	maxSheetColumns = 1 << 14
	maxSheetXML     = 3 << 30
	cellXML         = 60
)

// xlsxEncoder writes a workbook. A sheet that is full is followed by another: data, data 2, data 3 …, each
// with the names of the columns above. Times are in UTC, for Excel has no zones.
//
// A zip holds one sheet after the other behind what describes them, so nothing can be sent before the
// last row is known: until then the sheets lie in a directory of their own, 16 MiB of each in memory.
type xlsxEncoder struct {
	w       io.Writer
	columns []Column
	dir     string
	file    *excelize.File
	sheet   *excelize.StreamWriter
	rows    int // in this sheet, with the header
	xml     int
	most    struct{ rows, xml int } // smaller in tests
	styles  map[Kind]int
	bold    int
	cells   []any
}

func newXLSX(w io.Writer, columns []Column) (encoder, error) {
	if len(columns) > maxSheetColumns {
		return nil, fmt.Errorf("a table of %d columns: a sheet has %d", len(columns), maxSheetColumns)
	}
	dir, err := os.MkdirTemp("", "askwell-xlsx-") // excelize keeps on in memory where it can write no file: here it fails first
	if err != nil {
		return nil, err
	}
	e := &xlsxEncoder{w: w, columns: columns, dir: dir, file: excelize.NewFile(excelize.Options{TmpDir: dir}), cells: make([]any, len(columns))}
	e.most.rows, e.most.xml = maxSheetRows, maxSheetXML
	// Its own writer would make the whole file in memory first.
	e.file.SetZipWriter(func(io.Writer) excelize.ZipWriter { return zip.NewWriter(w) })
	err = e.makeStyles()
	if err == nil {
		err = e.file.SetSheetName("Sheet1", sheetName(1))
	}
	if err == nil {
		err = e.beginSheet(1)
	}
	if err != nil {
		e.discard()
		return nil, err
	}
	return e, nil
}

func sheetName(n int) string {
	if n == 1 {
		return "data"
	}
	return fmt.Sprintf("data %d", n)
}

func (e *xlsxEncoder) makeStyles() (err error) {
	if e.bold, err = e.file.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}}); err != nil {
		return err
	}
	e.styles = map[Kind]int{}
	for kind, format := range map[Kind]string{Date: "yyyy-mm-dd", Timestamp: "yyyy-mm-dd hh:mm:ss.000"} {
		if e.styles[kind], err = e.file.NewStyle(&excelize.Style{CustomNumFmt: &format}); err != nil {
			return err
		}
	}
	return nil
}

// beginSheet makes sheet n, with a first row that stays in view.
func (e *xlsxEncoder) beginSheet(n int) (err error) {
	if n > 1 {
		if _, err = e.file.NewSheet(sheetName(n)); err != nil {
			return err
		}
	}
	if e.sheet, err = e.file.NewStreamWriter(sheetName(n)); err != nil {
		return err
	}
	if err := e.sheet.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	if len(e.columns) > 0 {
		const wide = 18 // a time to the millisecond; the default is 9, which shows it as ###
		if err := e.sheet.SetColWidth(1, len(e.columns), wide); err != nil {
			return err
		}
	}
	names := make([]any, len(e.columns))
	for i, c := range e.columns {
		names[i] = excelize.Cell{StyleID: e.bold, Value: c.Name}
	}
	e.rows, e.xml = 1, 0
	return e.sheet.SetRow("A1", names)
}

func (e *xlsxEncoder) row(cells Row) error {
	if e.rows == e.most.rows || e.xml >= e.most.xml {
		if err := e.sheet.Flush(); err != nil {
			return err
		}
		if err := e.beginSheet(e.file.SheetCount + 1); err != nil {
			return err
		}
	}
	for i, v := range cells {
		e.cells[i] = e.cell(e.columns[i].Kind, v)
		if v != nil {
			e.xml += cellXML
		}
		if s, ok := e.cells[i].(string); ok {
			e.xml += len(s)
		}
	}
	e.rows++
	return e.sheet.SetRow(fmt.Sprintf("A%d", e.rows), e.cells)
}

// cell is a value as excelize writes it. A text is one whatever it begins with: it has the type of a text.
func (e *xlsxEncoder) cell(kind Kind, v any) any {
	switch v := v.(type) {
	case json.RawMessage:
		return string(v)
	case time.Time:
		if v.Before(firstDay) {
			return kind.asText(v)
		}
		return excelize.Cell{StyleID: e.styles[kind], Value: v.UTC()}
	}
	return v
}

// firstDay is where Excel's calendar begins to be right: it has a 29 February 1900, and nothing before that year.
var firstDay = time.Date(1900, time.March, 1, 0, 0, 0, 0, time.UTC)

func (e *xlsxEncoder) close() error {
	defer e.discard()
	if err := e.sheet.Flush(); err != nil {
		return err
	}
	_, err := e.file.WriteTo(e.w)
	return err
}

func (e *xlsxEncoder) discard() {
	_ = e.file.Close() // what it leaves is in dir
	_ = os.RemoveAll(e.dir)
}
