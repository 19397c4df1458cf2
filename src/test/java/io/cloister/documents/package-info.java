/** What the documents say of the code is held here: names of classes and tests in their tables, and the list of documents. */
@NullMarked
package io.cloister.documents;

import org.jspecify.annotations.NullMarked;
