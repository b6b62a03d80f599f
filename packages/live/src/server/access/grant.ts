import { globMatches } from '../../protocol/glob.ts';
import { compileFilter } from '../../protocol/series-filter.ts';
import type { SeriesPredicate } from '../../protocol/series-filter.ts';
import type { AttributeFilter } from '../../protocol/messages.ts';

/** Attributes that a series must have to be seen. All must hold; a series without one of them is not seen. */
export type Scope = Readonly<Record<string, AttributeFilter>>;

/** What a connection may see. */
export interface Grant {
  /** Whose it is, for the operator. */
  readonly name: string;
  /** Series that may be seen; all when absent. */
  readonly scope?: Scope;
  /** Topics, or globs, that may be listened to. Absent: all without a scope, none with one. */
  readonly topics?: readonly string[];
}

/** Of a server that asks for no token. */
export const OPEN_GRANT: Grant = { name: 'anyone' };

/** Whether a scope lets a series be seen. */
export function scopePredicate(scope: Scope | undefined): SeriesPredicate {
  return scope === undefined ? () => true : compileFilter({ names: ['*'], attributes: scope });
}

/** Whether a grant lets a topic be heard. */
export function hearsTopic(grant: Grant, topic: string): boolean {
  return grantedTopics(grant).some((pattern) => globMatches(pattern, topic));
}

/** Topics that a grant lets be heard. */
export function grantedTopics({ topics, scope }: Grant): readonly string[] {
  return topics ?? (scope === undefined ? ['*'] : []);
}
