-- The role of Parvis, which owns its database and nothing else.
\set password `cat /run/secrets/database_password`
CREATE ROLE parvis LOGIN PASSWORD :'password';
CREATE DATABASE parvis OWNER parvis ENCODING 'UTF8' TEMPLATE template0;
-- What a pooler takes from nobody who connects: the limits of the role. docs/production.md, "Behind a pooler".
ALTER ROLE parvis SET statement_timeout = 30000;
ALTER ROLE parvis SET idle_in_transaction_session_timeout = 60000;
ALTER ROLE parvis SET random_page_cost = 1.1;
