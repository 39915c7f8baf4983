/** Functions that Redshift has and we do not: a call is refused as not built, and not as unknown. */
export const unbuiltFunctions: ReadonlySet<string> = new Set(
  `approximate_percentile_disc bit_and bit_or current_namespace   diff explode_wkb geometrytype hll hll_cardinality hll_combine hll_create_sketch isnull json_extract_array_element_text 
  numeric_out pg_last_copy_count pg_last_query_id pg_terminate_backend regexp_like
  size st_asgeojson st_astext st_distance truncate_date width_bucket xpath convert_from`.split(/\s+/),
);
