package export

// Format is a way to write tables, by the name that ?format= and the ends of files have.
type Format string

const (
	CSV     Format = "csv"
	NDJSON  Format = "ndjson"
	XLSX    Format = "xlsx"
	Parquet Format = "parquet"
)

// Formats are all formats.
var Formats = []Format{CSV, NDJSON, XLSX, Parquet}

// MediaType is what Accept and Content-Type call the format.
func (f Format) MediaType() string {
	switch f {
	case CSV:
		return "text/csv"
	case NDJSON:
		return "application/x-ndjson"
	case XLSX:
		return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	case Parquet:
		return "application/vnd.apache.parquet"
	}
	return ""
}

// ContentType is the media type with what a reader has to know beside it.
func (f Format) ContentType() string {
	if f == CSV {
		return "text/csv; charset=utf-8; header=present"
	}
	return f.MediaType()
}
