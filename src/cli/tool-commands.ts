/**
 * The commands of the toolchain around the language. Each is a function that imports what it needs when it is
 * called, so that one tool does not load the libraries of another.
 */
export {};
