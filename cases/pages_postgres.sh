# The same pages and journeys on PostgreSQL.
cd "$(dirname "$0")/.."
exec build/release/bin/with_postgres bash cases/pages.sh
