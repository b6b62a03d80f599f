/** Version of this package, also the version of its instrumentation scope. */
export const VERSION = '0.1.0';
