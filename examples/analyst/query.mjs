// Runs an SQL file in DuckDB, and prints the rows of its last statement as JSON; files are looked for beside you.
//
//   node query.mjs weekly.sql
import { readFile } from "node:fs/promises";
import { DuckDBInstance } from "@duckdb/node-api";

const connection = await (await DuckDBInstance.create()).connect();
const result = await connection.runAndReadAll(await readFile(process.argv[2], "utf8"));
console.log(JSON.stringify(result.getRowObjectsJson(), null, 2));
