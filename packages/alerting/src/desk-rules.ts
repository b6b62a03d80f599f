import { fileURLToPath } from 'node:url';

/** The rule file of the demo desk, `rules/desk.yaml` of this package; its tests are beside it. */
export const DESK_RULES_FILE: string = fileURLToPath(new URL('../rules/desk.yaml', import.meta.url));
