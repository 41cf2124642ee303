/** System libraries that addons link, by the names of their packages in Debian (12) and Alpine. */
import type { SystemLibrary } from '../addon-package.ts'

/** name · pkg-config modules · names behind -l, programs · Debian: to compile, to run · Alpine: to compile, to run */
const table = `
openssl       | openssl libssl libcrypto        | ssl crypto                 | libssl-dev               | libssl3                 | openssl-dev        | libssl3
zlib          | zlib                            | z                          | zlib1g-dev               | zlib1g                  | zlib-dev           | zlib
zstd          | libzstd                         | zstd                       | libzstd-dev              | libzstd1                | zstd-dev           | zstd-libs
lz4           | liblz4                          | lz4                        | liblz4-dev               | liblz4-1                | lz4-dev            | lz4-libs
lzma          | liblzma                         | lzma                       | liblzma-dev              | liblzma5                | xz-dev             | xz-libs
bzip2         | bzip2                           | bz2                        | libbz2-dev               | libbz2-1.0              | bzip2-dev          | libbz2
snappy        | snappy                          | snappy                     | libsnappy-dev            | libsnappy1v5            | snappy-dev         | snappy
brotli        | libbrotlienc libbrotlidec       | brotlienc brotlidec        | libbrotli-dev            | libbrotli1              | brotli-dev         | brotli-libs
sasl          | libsasl2                        | sasl2                      | libsasl2-dev             | libsasl2-2              | cyrus-sasl-dev     | libsasl
curl          | libcurl                         | curl curl-config           | libcurl4-openssl-dev     | libcurl4                | curl-dev           | libcurl
librdkafka    | rdkafka rdkafka++               | rdkafka rdkafka++          | librdkafka-dev           | librdkafka++1           | librdkafka-dev     | librdkafka
libpq         | libpq                           | pq pg_config               | libpq-dev                | libpq5                  | libpq-dev          | libpq
mariadb       | libmariadb mariadb mysqlclient  | mariadb mysqlclient mysql_config mariadb_config | libmariadb-dev | libmariadb3         | mariadb-connector-c-dev | mariadb-connector-c
sqlite        | sqlite3                         | sqlite3                    | libsqlite3-dev           | libsqlite3-0            | sqlite-dev         | sqlite-libs
sqlcipher     | sqlcipher                       | sqlcipher                  | libsqlcipher-dev         | libsqlcipher0           | sqlcipher-dev      | sqlcipher-libs
odbc          | odbc                            | odbc odbcinst              | unixodbc-dev             | libodbc2                | unixodbc-dev       | unixodbc
leveldb       | leveldb                         | leveldb                    | libleveldb-dev           | libleveldb1d            | leveldb-dev        | leveldb
rocksdb       | rocksdb                         | rocksdb                    | librocksdb-dev           | librocksdb7.8           | rocksdb-dev        | rocksdb
ldap          | ldap                            | ldap lber                  | libldap-dev              | libldap-2.5-0           | openldap-dev       | libldap
kerberos      | krb5 krb5-gssapi mit-krb5 mit-krb5-gssapi | gssapi_krb5 krb5 krb5-config | libkrb5-dev    | libgssapi-krb5-2        | krb5-dev           | krb5-libs
libsecret     | libsecret-1                     | secret-1                   | libsecret-1-dev          | libsecret-1-0           | libsecret-dev      | libsecret
glib          | glib-2.0 gobject-2.0 gio-2.0    | glib-2.0 gobject-2.0 gio-2.0 | libglib2.0-dev         | libglib2.0-0            | glib-dev           | glib
dbus          | dbus-1                          | dbus-1                     | libdbus-1-dev            | libdbus-1-3             | dbus-dev           | dbus-libs
gtk3          | gtk+-3.0                        | gtk-3                      | libgtk-3-dev             | libgtk-3-0              | gtk+3.0-dev        | gtk+3.0
cairo         | cairo                           | cairo                      | libcairo2-dev            | libcairo2               | cairo-dev          | cairo
pango         | pango pangocairo pangoft2       | pango-1.0 pangocairo-1.0 pangoft2-1.0 | libpango1.0-dev | libpangocairo-1.0-0   | pango-dev          | pango
pixman        | pixman-1                        | pixman-1                   | libpixman-1-dev          | libpixman-1-0           | pixman-dev         | pixman
png           | libpng libpng16                 | png png16                  | libpng-dev               | libpng16-16             | libpng-dev         | libpng
jpeg          | libjpeg                         | jpeg turbojpeg             | libjpeg-dev              | libjpeg62-turbo         | libjpeg-turbo-dev  | libjpeg-turbo
gif           |                                 | gif                        | libgif-dev               | libgif7                 | giflib-dev         | giflib
tiff          | libtiff-4                       | tiff                       | libtiff-dev              | libtiff6                | tiff-dev           | tiff
webp          | libwebp                         | webp                       | libwebp-dev              | libwebp7                | libwebp-dev        | libwebp
rsvg          | librsvg-2.0                     | rsvg-2                     | librsvg2-dev             | librsvg2-2              | librsvg-dev        | librsvg
vips          | vips vips-cpp                   | vips vips-cpp              | libvips-dev              | libvips42               | vips-dev           | vips-cpp
freetype      | freetype2                       | freetype                   | libfreetype-dev          | libfreetype6            | freetype-dev       | freetype
fontconfig    | fontconfig                      | fontconfig                 | libfontconfig-dev        | libfontconfig1          | fontconfig-dev     | fontconfig
magick        | Magick++ ImageMagick++          | Magick++-config            | libmagick++-dev          | libmagick++-6.q16-8     | imagemagick-dev    | imagemagick-libs
poppler       | poppler-cpp poppler             | poppler-cpp                | libpoppler-cpp-dev       | libpoppler-cpp0v5       | poppler-dev        | poppler
opencv        | opencv4                         | opencv_core                | libopencv-dev            | libopencv-core406       | opencv-dev         | opencv
xml2          | libxml-2.0                      | xml2 xml2-config           | libxml2-dev              | libxml2                 | libxml2-dev        | libxml2
xslt          | libxslt                         | xslt                       | libxslt1-dev             | libxslt1.1              | libxslt-dev        | libxslt
expat         | expat                           | expat                      | libexpat1-dev            | libexpat1               | expat-dev          | libexpat
icu           | icu-i18n icu-uc                 | icui18n icuuc icu-config   | libicu-dev               | libicu72                | icu-dev            | icu-libs
udev          | libudev                         | udev                       | libudev-dev              | libudev1                | eudev-dev          | eudev-libs
usb           | libusb-1.0                      | usb-1.0                    | libusb-1.0-0-dev         | libusb-1.0-0            | libusb-dev         | libusb
hidapi        | hidapi-libusb hidapi-hidraw     | hidapi-libusb hidapi-hidraw | libhidapi-dev           | libhidapi-libusb0       | hidapi-dev         | hidapi
pcsc          | libpcsclite                     | pcsclite                   | libpcsclite-dev          | libpcsclite1            | pcsc-lite-dev      | pcsc-lite-libs
bluetooth     | bluez                           | bluetooth                  | libbluetooth-dev         | libbluetooth3           | bluez-dev          | bluez-libs
gpiod         | libgpiod                        | gpiod                      | libgpiod-dev             | libgpiod2               | libgpiod-dev       | libgpiod
pcap          | libpcap                         | pcap pcap-config           | libpcap-dev              | libpcap0.8              | libpcap-dev        | libpcap
avahi         | avahi-compat-libdns_sd          | dns_sd                     | libavahi-compat-libdnssd-dev | libavahi-compat-libdnssd1 | avahi-dev      | avahi-compat-libdns_sd
alsa          | alsa                            | asound                     | libasound2-dev           | libasound2              | alsa-lib-dev       | alsa-lib
pulse         | libpulse                        | pulse                      | libpulse-dev             | libpulse0               | pulseaudio-dev     | libpulse
opus          | opus                            | opus                       | libopus-dev              | libopus0                | opus-dev           | opus
sodium        | libsodium                       | sodium                     | libsodium-dev            | libsodium23             | libsodium-dev      | libsodium
gmp           | gmp                             | gmp                        | libgmp-dev               | libgmp10                | gmp-dev            | gmp
ffi           | libffi                          | ffi                        | libffi-dev               | libffi8                 | libffi-dev         | libffi
uv            | libuv                           | uv                         | libuv1-dev               | libuv1                  | libuv-dev          | libuv
zeromq        | libzmq                          | zmq                        | libzmq3-dev              | libzmq5                 | zeromq-dev         | libzmq
systemd       | libsystemd                      | systemd                    | libsystemd-dev           | libsystemd0             | elogind-dev        | libelogind
openblas      | openblas                        | openblas blas lapack       | libopenblas-dev          | libopenblas0            | openblas-dev       | openblas
git2          | libgit2                         | git2                       | libgit2-dev              | libgit2-1.5             | libgit2-dev        | libgit2
ssh2          | libssh2                         | ssh2                       | libssh2-1-dev            | libssh2-1               | libssh2-dev        | libssh2
x11           | x11                             | X11                        | libx11-dev               | libx11-6                | libx11-dev         | libx11
xext          | xext                            | Xext                       | libxext-dev              | libxext6                | libxext-dev        | libxext
xtst          | xtst                            | Xtst                       | libxtst-dev              | libxtst6                | libxtst-dev        | libxtst
xi            | xi                              | Xi                         | libxi-dev                | libxi6                  | libxi-dev          | libxi
xrandr        | xrandr                          | Xrandr                     | libxrandr-dev            | libxrandr2              | libxrandr-dev      | libxrandr
xinerama      | xinerama                        | Xinerama                   | libxinerama-dev          | libxinerama1            | libxinerama-dev    | libxinerama
xkbfile       | xkbfile                         | xkbfile                    | libxkbfile-dev           | libxkbfile1             | libxkbfile-dev     | libxkbfile
xcb           | xcb                             | xcb                        | libxcb1-dev              | libxcb1                 | libxcb-dev         | libxcb
gl            | gl glesv2 egl                   | GL GLESv2 EGL              | libgl-dev                | libgl1                  | mesa-dev           | mesa-gl
glew          | glew                            | GLEW                       | libglew-dev              | libglew2.2              | glew-dev           | glew
sdl2          | sdl2                            | SDL2                       | libsdl2-dev              | libsdl2-2.0-0           | sdl2-dev           | sdl2
`

const libraries = table
  .trim()
  .split('\n')
  .map((line) => line.split('|').map((cell) => cell.trim()))
  .map(
    ([
      name = '',
      modules = '',
      asked = '',
      debianDev = '',
      debianRuntime = '',
      alpineDev = '',
      alpineRuntime = '',
    ]) => {
      const pkgConfig = modules.split(' ')[0]
      const library: SystemLibrary = {
        name,
        ...(pkgConfig ? { pkgConfig } : {}),
        debianDev,
        debianRuntime,
        alpineDev,
        alpineRuntime,
      }
      return { library, modules: modules.split(' '), asked: asked.split(' ') }
    },
  )

/** A library by what a build asks for; undefined for those of the compiler and for ones that are not known. */
export function systemLibrary(
  by: 'pkg-config' | 'program' | 'linker',
  name: string,
): SystemLibrary | undefined {
  return libraries.find(({ modules, asked }) => (by === 'pkg-config' ? modules : asked).includes(name))
    ?.library
}

/** A library by its name in the table. */
export function libraryNamed(name: string): SystemLibrary | undefined {
  return libraries.find(({ library }) => library.name === name)?.library
}
