// Reads an XLSX export as a spreadsheet does, and prints a pivot table: of each value of a column, how many
// rows have a number in another, their sum and their mean.
//
//   node pivot.mjs responses.xlsx device nps
import ExcelJS from "exceljs";

const [file, rows, values] = process.argv.slice(2);
const workbook = new ExcelJS.Workbook();
await workbook.xlsx.readFile(file);
const pivot = {};
for (const sheet of workbook.worksheets) {
  // what is more than 1,048,575 rows goes on in a further sheet
  const names = sheet.getRow(1).values;
  const [row, value, kind] = [rows, values, "class"].map((name) => names.indexOf(name));
  sheet.eachRow((cells, number) => {
    const n = cells.getCell(value).value;
    if (number === 1 || typeof n !== "number" || cells.getCell(kind).value !== "live") return;
    const of = (pivot[cells.getCell(row).value ?? "(none)"] ??= { n: 0, sum: 0 });
    of.n++;
    of.sum += n;
  });
}
for (const of of Object.values(pivot)) of.mean = of.sum / of.n;
console.log(JSON.stringify(pivot, null, 2));
