import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseKeyPairsIntoRecord } from '@opentelemetry/core';
import { OtlpError } from '../errors.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** `OTEL_EXPORTER_OTLP_METRICS_…`, then `OTEL_EXPORTER_OTLP_…`; empty counts as not set. */
export class OtlpEnvironment {
  readonly #environment: Environment;

  constructor(environment: Environment) {
    this.#environment = environment;
  }

  /** A value with the variable it came from, for messages. */
  value(name: string): { variable: string; value: string } | undefined {
    return this.metricsValue(name) ?? this.#read(`OTEL_EXPORTER_OTLP_${name}`);
  }

  /** Of the metrics' own variable only. */
  metricsValue(name: string): { variable: string; value: string } | undefined {
    return this.#read(`OTEL_EXPORTER_OTLP_METRICS_${name}`);
  }

  /** A number of milliseconds. @throws OtlpError `INVALID_ENVIRONMENT` */
  milliseconds(name: string): number | undefined {
    const found = this.value(name);
    if (found === undefined) return undefined;
    const value = Number(found.value);
    if (value > 0 && Number.isFinite(value)) return value;
    throw invalid(found.variable, found.value, 'a number of milliseconds above 0');
  }

  /** One of a closed set, case aside. @throws OtlpError `INVALID_ENVIRONMENT` */
  choice<T extends string>(name: string, choices: readonly T[]): T | undefined {
    const found = this.value(name);
    if (found === undefined) return undefined;
    const choice = choices.find((candidate) => candidate === found.value.toLowerCase());
    if (choice !== undefined) return choice;
    throw invalid(found.variable, found.value, `one of ${choices.join(', ')}`);
  }

  /** Headers of both variables; the metrics' own win. */
  headers(): Record<string, string> {
    const general = this.#read('OTEL_EXPORTER_OTLP_HEADERS')?.value;
    return { ...parseKeyPairsIntoRecord(general), ...parseKeyPairsIntoRecord(this.metricsValue('HEADERS')?.value) };
  }

  /** Content of the file a variable names. @throws OtlpError `INVALID_ENVIRONMENT` */
  file(name: string): Buffer | undefined {
    const found = this.value(name);
    if (found === undefined) return undefined;
    try {
      return readFileSync(resolve(found.value));
    } catch (error) {
      throw invalid(found.variable, found.value, `a file that can be read (${(error as Error).message})`);
    }
  }

  #read(variable: string): { variable: string; value: string } | undefined {
    const value = this.#environment[variable]?.trim();
    return value ? { variable, value } : undefined;
  }
}

function invalid(variable: string, value: string, needed: string): OtlpError {
  return new OtlpError('INVALID_ENVIRONMENT', `${variable} is ${JSON.stringify(value)}; ${needed} is needed`);
}
