--! no-transaction
--! done-when: SELECT 1 FROM svv_external_schemas WHERE schemaname = 'millrace_kinesis'

-- The stream as a relation: millrace_kinesis."<stream name>". The role must be attached to the namespace and may read this stream only.
-- Whether this statement may run inside a TRANSACTION batch of the Data API is not confirmed, so it runs by itself.
-- Source: Redshift developer guide, CREATE EXTERNAL SCHEMA.
CREATE EXTERNAL SCHEMA millrace_kinesis
FROM KINESIS
IAM_ROLE {{literal redshiftRoleArn}};
