import type { InstrumentationScope } from '@opentelemetry/core';
import type { MetricData } from '@opentelemetry/sdk-metrics';
import type { Label } from '../labels/label-set.ts';
import type { FamilyHead } from './encoding.ts';
import { MetricBlocks } from './metric-blocks.ts';

/** One metric of one scope within a family. */
export interface Member {
  readonly scope: InstrumentationScope;
  readonly descriptor: MetricData['descriptor'];
  /** Labels that all series of the scope have. */
  readonly scopeLabels: readonly Label[];
  readonly blocks: MetricBlocks;
  /** What is to be written in this collection. */
  data: MetricData;
}

/** All metrics that have one name in Prometheus, kept from collection to collection. */
export class Family {
  readonly head: FamilyHead;
  readonly #known: Member[] = [];
  #members: Member[] = [];
  #membersBefore: readonly Member[] = [];
  /** The collection in which the family was last seen. */
  round = -1;

  constructor(head: FamilyHead) {
    this.head = head;
  }

  /** The metrics of this collection. */
  get members(): readonly Member[] {
    return this.#members;
  }

  /** Whether the metrics are others than at the collection before. */
  get isChanged(): boolean {
    const { length } = this.#members;
    return length !== this.#membersBefore.length || this.#members.some((each, i) => each !== this.#membersBefore[i]);
  }

  begin(round: number): void {
    this.round = round;
    this.#membersBefore = this.#members;
    this.#members = [];
  }

  add(scope: InstrumentationScope, data: MetricData, scopeLabels: () => readonly Label[]): void {
    const { descriptor } = data;
    // Two metrics with one descriptor are two members; which is which is told by their order.
    let member = this.#known.find(
      (each) => each.scope === scope && each.descriptor === descriptor && !this.#members.includes(each),
    );
    if (member === undefined) {
      member = { scope, descriptor, scopeLabels: scopeLabels(), blocks: new MetricBlocks(), data };
      this.#known.push(member);
    }
    member.data = data;
    this.#members.push(member);
  }

  /** Ends a collection: metrics that were not in it are forgotten. */
  end(): void {
    for (const { blocks } of this.#members) blocks.turn();
    if (this.#known.length > this.#members.length) {
      this.#known.length = 0;
      this.#known.push(...this.#members);
    }
  }
}
