# The same pages and journeys, and what they write, on PostgreSQL.
cd "$(dirname "$0")/.."
build/release/bin/with_postgres bash cases/pages.sh
build/release/bin/with_postgres bash cases/pages_writing.sh
exec build/release/bin/with_postgres bash cases/pages_rules.sh
