/** Version of this package. The metrics carry the scopes of the instrumentations that record them. */
export const VERSION = '0.1.0';
