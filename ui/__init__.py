"""The pages case managers work in. They speak to the API over HTTP and hold no data."""
