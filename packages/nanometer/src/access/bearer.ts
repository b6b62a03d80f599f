/** Environment variable with the token for a bridge that asks for one: an option would show in `ps`. */
const TOKEN_VARIABLE = 'NANOMETER_TOKEN';

/** The same as headers of a request. */
export function bearerHeaders(environment: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const { token } = bearerOf(environment);
  return token === undefined ? {} : { authorization: `Bearer ${token}` };
}

/** The token to present to a bridge, from the environment; nothing when there is none. */
export function bearerOf(environment: Readonly<Record<string, string | undefined>>): { readonly token?: string } {
  const token = environment[TOKEN_VARIABLE];
  return token === undefined || token === '' ? {} : { token };
}
