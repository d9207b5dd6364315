"""Reports as one page: template, style, scripts and the data that they draw, no network needed."""
