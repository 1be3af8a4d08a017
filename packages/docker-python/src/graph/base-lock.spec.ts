import { memoryFiles } from '../detection/files';
import { baseLockInputs } from './base-lock';

const LOCK = { 'docker-python.lock.json': '{ "version": 1, "bases": {} }' };
const DOCKERFILE = {
  'apps/api/Dockerfile': [
    'FROM debian:13 AS tini',
    'FROM --platform=linux/amd64 python:3.13-slim-trixie@sha256:abc AS base',
    'FROM base AS builder',
    'FROM base AS runtime',
    'RUN echo "FROM nothing"',
    'from django.conf import settings',
  ].join('\n'),
};

it('are the entries of the images that a Dockerfile begins with', () => {
  expect(baseLockInputs(memoryFiles({ ...LOCK, ...DOCKERFILE }), 'apps/api')).toEqual([
    {
      json: '{workspaceRoot}/docker-python.lock.json',
      fields: ['bases.debian:13', 'bases.python:3,13-slim-trixie'],
    },
  ]);
});

it.each<[string, Record<string, string>]>([
  ['no lock', DOCKERFILE],
  ['no Dockerfile yet', LOCK],
])('are none with %s', (_, files) => {
  expect(baseLockInputs(memoryFiles(files), 'apps/api')).toEqual([]);
});
