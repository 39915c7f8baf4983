/** Functions that Redshift has and we do not: a call is refused as not built, and not as unknown. */
export const unbuiltFunctions: ReadonlySet<string> = new Set(
  `age current_namespace current_time diff explode_wkb geometrytype hll_cardinality hll_combine hll_create_sketch isfinite isnull
  localtime numeric_out pg_get_grantee_by_iam_role pg_get_iam_role_by_user pg_last_query_id regexp_like size st_asgeojson st_astext st_distance
  truncate_date width_bucket xpath convert_from`.split(/\s+/),
);
