"""What remembers: tables, migrations, blobs, and the journal and archive of a job."""
