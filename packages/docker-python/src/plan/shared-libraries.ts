import type { Release } from './bases';

/** Shared library (its SONAME) to the package that has it. Sources: as for `system-package-table.ts`. */
const DEBIAN: Readonly<Record<string, string>> = {
  'libGL.so.1': 'libgl1',
  'libEGL.so.1': 'libegl1',
  'libgthread-2.0.so.0': 'libglib2.0-0',
  'libglib-2.0.so.0': 'libglib2.0-0',
  'libgobject-2.0.so.0': 'libglib2.0-0',
  'libgomp.so.1': 'libgomp1',
  'libgfortran.so.5': 'libgfortran5',
  'libstdc++.so.6': 'libstdc++6',
  'libatomic.so.1': 'libatomic1',
  'libpq.so.5': 'libpq5',
  'libmariadb.so.3': 'libmariadb3',
  'libcairo.so.2': 'libcairo2',
  'libxml2.so.2': 'libxml2',
  'libxslt.so.1': 'libxslt1.1',
  'libexslt.so.0': 'libxslt1.1',
  'libldap.so.2': 'libldap2',
  'libsasl2.so.2': 'libsasl2-2',
  'libodbc.so.2': 'libodbc2',
  'libcurl.so.4': 'libcurl4',
  'libxmlsec1.so.1': 'libxmlsec1',
  'libxmlsec1-openssl.so.1': 'libxmlsec1-openssl',
  'libportaudio.so.2': 'libportaudio2',
  'libsndfile.so.1': 'libsndfile1',
  'libmagic.so.1': 'libmagic1',
  'libgssapi_krb5.so.2': 'libgssapi-krb5-2',
  'libkrb5.so.3': 'libkrb5-3',
  'libmemcached.so.11': 'libmemcached11',
  'libSM.so.6': 'libsm6',
  'libICE.so.6': 'libice6',
  'libX11.so.6': 'libx11-6',
  'libXext.so.6': 'libxext6',
  'libXrender.so.1': 'libxrender1',
  'libxcb.so.1': 'libxcb1',
  'libusb-1.0.so.0': 'libusb-1.0-0',
  'libasound.so.2': 'libasound2',
  'libfontconfig.so.1': 'libfontconfig1',
  'libfreetype.so.6': 'libfreetype6',
  'libdbus-1.so.3': 'libdbus-1-3',
  'libjpeg.so.62': 'libjpeg62-turbo',
  'libffi.so.8': 'libffi8',
  'libtiff.so.6': 'libtiff6',
  'libenchant-2.so.2': 'libenchant-2-2',
};

const RHEL9: Readonly<Record<string, string>> = {
  'libGL.so.1': 'mesa-libGL',
  'libEGL.so.1': 'mesa-libEGL',
  'libgthread-2.0.so.0': 'glib2',
  'libglib-2.0.so.0': 'glib2',
  'libgomp.so.1': 'libgomp',
  'libgfortran.so.5': 'libgfortran',
  'libatomic.so.1': 'libatomic',
  'libpq.so.5': 'libpq',
  'libmariadb.so.3': 'mariadb-connector-c',
  'libcairo.so.2': 'cairo',
  'libxslt.so.1': 'libxslt',
  'libodbc.so.2': 'unixODBC',
  'libSM.so.6': 'libSM',
  'libX11.so.6': 'libX11',
  'libXext.so.6': 'libXext',
  'libXrender.so.1': 'libXrender',
  'libsndfile.so.1': 'libsndfile',
};

const BY_RELEASE: Readonly<Record<Release, Readonly<Record<string, string>>>> = {
  trixie: DEBIAN,
  bookworm: { ...DEBIAN, 'libldap-2.5.so.0': 'libldap-2.5-0' },
  noble: { ...DEBIAN, 'libjpeg.so.8': 'libjpeg-turbo8' },
  rhel9: RHEL9,
};

/** Which system package to name when a shared library is missing. */
export function missingLibraryPackages(release: Release | undefined): Readonly<Record<string, string>> {
  return release === undefined ? {} : BY_RELEASE[release];
}
