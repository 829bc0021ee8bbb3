// What the page takes from npm, bundled into vendor/libraries.js by `make wasm`.

export { AsyncDuckDB, VoidLogger } from "@duckdb/duckdb-wasm";
export { parquetMetadata, parquetReadObjects, parquetSchema } from "hyparquet";
export { compressors } from "hyparquet-compressors";
