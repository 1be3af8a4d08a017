import type { Release } from './bases';

/**
 * What Python distributions need from the operating system. Sources: their own installation instructions. The names of
 * Debian 13 were resolved by its package manager; those of Debian 12, Ubuntu 24.04 and RHEL 9 were not tried.
 */

/** Package names, separated by blanks. `null` where the standard repositories of a release have none. */
export type Names = Readonly<Record<Release, string | null>>;

export interface Need {
  /** Distributions, or `name[extra]`, any of which has this need. */
  readonly when: readonly string[];
  /** Distributions that make it needless: they bring their own. */
  readonly unless?: readonly string[];
  /** Whether its index has wheels for Linux on glibc; asked where the lock does not say. */
  readonly wheels: boolean;
  /** Needed whatever form it is installed in: a program that it runs, a library that it opens by name. */
  readonly always?: Names;
  /** Needed beside that if it is compiled from source. */
  readonly source?: { readonly build: Names; readonly runtime?: Names };
}

/** Old and new Debian and Ubuntu agree on most names: a package renamed for 64-bit times still answers to the old one. */
function names(debian: string, rhel9: string | null, others: Partial<Names> = {}): Names {
  return { bookworm: debian, trixie: debian, noble: debian, rhel9, ...others };
}

/** What an sdist with C code is built with, where nothing better is known: build-essential without Debian's own tools. */
export const COMPILER = names('g++ make', 'gcc gcc-c++ make');
/** For requirements that are fetched from a repository. */
export const GIT = names('git', 'git-core');
export const SSH = names('openssh-client', 'openssh-clients');
export const RUST = names('cargo g++ make rustc', 'gcc cargo rust');
/** Headers of a Python that came as a system package; the official images have their own. */
export const PYTHON_HEADERS = names('python{python}-dev', 'python{python}-devel');

/** What making a virtualenv takes there, which the installer does. */
export const PYTHON_VENV = names('python{python}-venv', '');

const LIBPQ = {
  build: names('gcc libc6-dev libpq-dev', 'gcc libpq-devel'),
  runtime: names('libpq5', 'libpq'),
};
const FFMPEG = names('ffmpeg', null);
const CAIRO = names('libcairo2', 'cairo');
const XML = {
  build: names(
    'gcc libc6-dev libxml2-dev libxslt1-dev zlib1g-dev',
    'gcc libxml2-devel libxslt-devel zlib-devel',
  ),
  runtime: names('libxml2 libxslt1.1', 'libxml2 libxslt'),
};

export const NEEDS: readonly Need[] = [
  { when: ['psycopg2', 'psycopg-c', 'psycopg[c]'], wheels: false, source: LIBPQ },
  {
    when: ['psycopg'],
    unless: ['psycopg-binary', 'psycopg[binary]', 'psycopg-c', 'psycopg[c]'],
    wheels: true,
    always: LIBPQ.runtime,
  },
  { when: ['aiopg'], unless: ['psycopg2-binary'], wheels: true, always: LIBPQ.runtime },
  {
    when: ['mysqlclient'],
    wheels: false,
    source: {
      build: names(
        'gcc libc6-dev default-libmysqlclient-dev pkg-config',
        'gcc mariadb-connector-c-devel pkgconf-pkg-config',
      ),
      runtime: names('libmariadb3', 'mariadb-connector-c', { noble: 'libmysqlclient21' }),
    },
  },
  {
    when: ['pycairo'],
    wheels: false,
    source: {
      build: names('gcc libc6-dev libcairo2-dev pkg-config', 'gcc cairo-devel pkgconf-pkg-config'),
      runtime: CAIRO,
    },
  },
  { when: ['lxml'], wheels: true, source: XML },
  {
    when: ['xmlsec', 'python-xmlsec'],
    wheels: true,
    source: {
      build: names(
        'gcc libc6-dev libxml2-dev libxmlsec1-dev pkg-config',
        'gcc libxml2-devel xmlsec1-devel xmlsec1-openssl-devel libtool-ltdl-devel pkgconf-pkg-config',
      ),
      runtime: names('libxmlsec1-openssl', 'xmlsec1-openssl'),
    },
  },
  {
    when: ['python-ldap'],
    wheels: false,
    source: {
      build: names('gcc libc6-dev libldap-dev libsasl2-dev', 'gcc openldap-devel cyrus-sasl-devel'),
      runtime: names('libldap2 libsasl2-2', 'openldap cyrus-sasl-lib', {
        bookworm: 'libldap-2.5-0 libsasl2-2',
      }),
    },
  },
  {
    when: ['pyodbc'],
    wheels: true,
    always: names('libodbc2', 'unixODBC'),
    source: { build: names('g++ unixodbc-dev', 'gcc-c++ unixODBC-devel') },
  },
  {
    when: ['pycurl'],
    wheels: true,
    source: {
      build: names('gcc libc6-dev libcurl4-openssl-dev libssl-dev', 'gcc libcurl-devel openssl-devel'),
      runtime: names('libcurl4', 'libcurl'),
    },
  },
  { when: ['uwsgi'], wheels: false, source: { build: COMPILER } },
  {
    when: ['pyaudio'],
    wheels: false,
    source: { build: names('gcc libc6-dev portaudio19-dev', null), runtime: names('libportaudio2', null) },
  },
  {
    when: ['gssapi', 'kerberos', 'pykerberos', 'krb5'],
    wheels: false,
    source: {
      build: names('gcc libc6-dev libkrb5-dev', 'gcc krb5-devel'),
      runtime: names('libgssapi-krb5-2', 'krb5-libs'),
    },
  },
  {
    when: ['pylibmc'],
    wheels: true,
    source: {
      build: names('gcc libc6-dev libmemcached-dev zlib1g-dev', null),
      runtime: names('libmemcached11', null),
    },
  },
  {
    when: ['cffi', 'argon2-cffi-bindings'],
    wheels: true,
    source: {
      build: names('gcc libc6-dev libffi-dev', 'gcc libffi-devel'),
      runtime: names('libffi8', 'libffi'),
    },
  },
  {
    when: ['pillow'],
    wheels: true,
    source: {
      build: names('gcc libc6-dev libjpeg-dev zlib1g-dev', 'gcc libjpeg-turbo-devel zlib-devel'),
      runtime: names('libjpeg62-turbo', 'libjpeg-turbo', { noble: 'libjpeg-turbo8' }),
    },
  },
  {
    when: ['cryptography', 'orjson', 'pydantic-core', 'tokenizers', 'rpds-py', 'tiktoken'],
    wheels: true,
    source: { build: RUST },
  },
  {
    when: ['gdal', 'pygdal'],
    wheels: false,
    source: {
      build: names('g++ libgdal-dev', null),
      runtime: names('libgdal36', null, { bookworm: 'libgdal32', noble: 'libgdal34t64' }),
    },
  },
  { when: ['django.contrib.gis'], wheels: true, always: names('gdal-bin', null) },
  { when: ['cairosvg', 'cairocffi'], wheels: true, always: CAIRO },
  {
    when: ['weasyprint'],
    wheels: true,
    always: names('libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0', 'pango harfbuzz'),
  },
  {
    when: ['wand'],
    wheels: true,
    always: names('libmagickwand-7.q16-10', null, {
      bookworm: 'libmagickwand-6.q16-6',
      noble: 'libmagickwand-6.q16-7t64',
    }),
  },
  { when: ['python-magic'], wheels: true, always: names('libmagic1', 'file-libs') },
  {
    when: ['opencv-python', 'opencv-contrib-python'],
    wheels: true,
    always: names('libgl1 libglib2.0-0', 'mesa-libGL glib2'),
  },
  { when: ['pyzbar'], wheels: true, always: names('libzbar0', null) },
  { when: ['lightgbm'], wheels: true, always: names('libgomp1', 'libgomp') },
  {
    when: ['soundfile', 'librosa'],
    wheels: true,
    source: { build: COMPILER, runtime: names('libsndfile1', 'libsndfile') },
  },
  {
    when: ['openai-whisper', 'faster-whisper', 'pydub', 'ffmpeg-python', 'yt-dlp', 'moviepy'],
    wheels: true,
    always: FFMPEG,
  },
  { when: ['discord-py[voice]', 'py-cord[voice]'], wheels: true, always: names('ffmpeg libopus0', null) },
  { when: ['pdf2image'], wheels: true, always: names('poppler-utils', 'poppler-utils') },
  { when: ['pytesseract', 'tesserocr'], wheels: true, always: names('tesseract-ocr', null) },
  { when: ['graphviz', 'pydot', 'pygraphviz'], wheels: true, always: names('graphviz', 'graphviz') },
  {
    when: ['pygraphviz'],
    wheels: false,
    source: { build: names('gcc libc6-dev libgraphviz-dev pkg-config', 'gcc graphviz-devel') },
  },
  { when: ['pyttsx3', 'py-espeak-ng'], wheels: true, always: names('espeak-ng', null) },
];
