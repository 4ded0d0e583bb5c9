// Prints each table as a line of JSON: {"columns": [{"name", "type"}], "rows": [{…}]}. CSV, NDJSON and Parquet are read
// with DuckDB, XLSX with ExcelJS; the collector's tests read its exports back with this.
//
//   node read.mjs responses.parquet
import { DuckDBInstance } from "@duckdb/node-api";
import ExcelJS from "exceljs";

const readers = { csv: "read_csv", ndjson: "read_ndjson", parquet: "read_parquet" };

async function readWithDuckDB(file, reader) {
  const connection = await (await DuckDBInstance.create()).connect();
  await connection.run("SET TimeZone = 'UTC'");
  // All rows decide on the types of text formats, not the first ones alone.
  const all = reader === "read_parquet" ? "" : ", sample_size = -1";
  const result = await connection.runAndReadAll(`SELECT * FROM ${reader}($file${all})`, { file });
  const columns = result.columnNames().map((name, i) => ({ name, type: String(result.columnType(i)) }));
  return { columns, rows: result.getRowObjectsJson() };
}

async function readWithExcelJS(file) {
  const workbook = new ExcelJS.Workbook();
  await workbook.xlsx.readFile(file);
  const [first] = workbook.worksheets;
  const header = first.getRow(1);
  const columns = [];
  header.eachCell((cell) => columns.push({ name: cell.value, type: cell.font?.bold ? "bold" : "plain" }));
  const rows = [];
  for (const sheet of workbook.worksheets) {
    sheet.eachRow((row, number) => {
      if (number === 1) return;
      rows.push(Object.fromEntries(columns.map(({ name }, i) => [name, row.getCell(i + 1).value])));
    });
  }
  return { columns, rows, sheets: workbook.worksheets.map((sheet) => sheet.name), frozen: first.views[0]?.ySplit ?? 0 };
}

for (const file of process.argv.slice(2)) {
  const reader = readers[file.split(".").pop()];
  const table = await (reader ? readWithDuckDB(file, reader) : readWithExcelJS(file));
  console.log(JSON.stringify(table));
}
