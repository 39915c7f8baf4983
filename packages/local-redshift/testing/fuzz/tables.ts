/** Tables with a column of every type, and odd values in them. */
export const TABLES: readonly string[] = [
  `CREATE TABLE every_type (b bool, i2 int2, i4 int4, i8 int8, n numeric(12,4), wide numeric(38,0), f4 float4, f8 float8, c char(8), v varchar(40),
    d date, ts timestamp, tz timestamptz, t time, vb varbyte(20), s super)`,
  `INSERT INTO every_type VALUES
    (true, 1, 2, 3, 4.5, 12345678901234567890123456789012345678, 1.5, 2.5, 'ab', 'text', '2024-02-29', '2024-02-29 12:34:56.789', '2024-02-29 12:34:56+02', '12:34:56',
      'abc'::varbyte, JSON_PARSE('{"a":1,"b":[1,"x",null],"c":{"d":true}}')),
    (false, -32768, -2147483648, -9223372036854775808, -0.0001, -1, -1e30, 1e300, '', '', '0001-01-01', '9999-12-31 23:59:59.999999', '1970-01-01 00:00:00+00', '00:00:00',
      ''::varbyte, JSON_PARSE('[1,2.5,"three"]')),
    (NULL, 32767, 2147483647, 9223372036854775807, 99999999.9999, 0, 0, -0.5, 'ü', '日本語 %_\\\\''', '2000-01-01', '2000-01-01', '2000-01-01 00:00:00+00', '23:59:59.999999',
      NULL, JSON_PARSE('"text"')),
    (NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)`,
  "CREATE TABLE other (id int4, name varchar(20), tags super)",
  `INSERT INTO other VALUES (1, 'one', JSON_PARSE('["a","b"]')), (2, 'two', JSON_PARSE('[]')), (3, NULL, NULL)`,
  "CREATE VIEW seen AS SELECT i4, v, s.a AS a, n * 2 AS twice FROM every_type WHERE i4 IS NOT NULL",
];

/** Names of the columns of `every_type`. */
export const COLUMNS = "b i2 i4 i8 n wide f4 f8 c v d ts tz t vb s".split(" ");
