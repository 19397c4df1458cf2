package io.cloister.vault;

/** One column of one version of a row. */
public record Cell(Row row, String column) {}
