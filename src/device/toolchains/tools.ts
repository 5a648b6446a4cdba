/**
 * External programs, by what is needed of them; and where each is had. Package names: packages.debian.org (bookworm),
 * packages.fedoraproject.org, archlinux.org/packages, formulae.brew.sh, winget (microsoft/winget-pkgs), community.chocolatey.org.
 */

export interface Packages {
  readonly debian: readonly string[];
  readonly fedora: readonly string[];
  readonly arch: readonly string[];
  /** Arguments of `brew install`, with the tap where there is one. */
  readonly homebrew: readonly string[];
  /** A command for Windows, or none where only the vendor's page has it. */
  readonly windows?: string;
  /** Where the tool is at home. */
  readonly url: string;
}

/** A file the tool must find by itself (`-print-file-name`): the C library often is a package of its own. */
export interface Companion {
  readonly name: string;
  readonly args: readonly string[];
  readonly packages: Packages;
}

export interface Tool {
  readonly name: string;
  /** Names to look for, in order. */
  readonly programs: readonly string[];
  readonly versionArgs: readonly string[];
  readonly versionPattern: RegExp;
  readonly packages: Packages;
  readonly companions: readonly Companion[];
}

const avrGcc: Packages = {
  debian: ['gcc-avr', 'avr-libc', 'binutils-avr'],
  fedora: ['avr-gcc', 'avr-libc', 'avr-binutils'],
  arch: ['avr-gcc', 'avr-libc', 'avr-binutils'],
  homebrew: ['osx-cross/avr/avr-gcc'],
  windows: 'winget install ZakKemble.avr-gcc',
  url: 'https://www.microchip.com/en-us/tools-resources/develop/microchip-studio/gcc-compilers',
};

const armGcc: Packages = {
  debian: ['gcc-arm-none-eabi', 'libnewlib-arm-none-eabi', 'binutils-arm-none-eabi'],
  fedora: ['arm-none-eabi-gcc-cs', 'arm-none-eabi-newlib', 'arm-none-eabi-binutils-cs'],
  arch: ['arm-none-eabi-gcc', 'arm-none-eabi-newlib', 'arm-none-eabi-binutils'],
  homebrew: ['--cask', 'gcc-arm-embedded'],
  windows: 'winget install Arm.GnuArmEmbeddedToolchain',
  url: 'https://developer.arm.com/downloads/-/arm-gnu-toolchain-downloads',
};

export const tools = {
  'host-cc': {
    name: 'A C compiler for this computer',
    programs: ['cc', 'gcc', 'clang'],
    versionArgs: ['--version'],
    versionPattern: /(\d+\.\d+(?:\.\d+)?)/,
    packages: {
      debian: ['gcc', 'libc6-dev'],
      fedora: ['gcc', 'glibc-devel'],
      arch: ['gcc'],
      homebrew: ['llvm'],
      windows: 'winget install BrechtSanders.WinLibs.POSIX.UCRT',
      url: 'https://gcc.gnu.org/install/binaries.html',
    },
    companions: [],
  },
  'avr-gcc': {
    name: 'The AVR compiler (avr-gcc)',
    programs: ['avr-gcc'],
    versionArgs: ['-dumpversion'],
    versionPattern: /(\d+\.\d+(?:\.\d+)?)/,
    packages: avrGcc,
    companions: [{ name: 'avr-libc', args: ['-mmcu=atmega328p', '-print-file-name=libc.a'], packages: avrGcc }],
  },
  'arm-none-eabi-gcc': {
    name: 'The Arm compiler (arm-none-eabi-gcc)',
    programs: ['arm-none-eabi-gcc'],
    versionArgs: ['-dumpfullversion'],
    versionPattern: /(\d+\.\d+(?:\.\d+)?)/,
    packages: armGcc,
    companions: [{ name: 'newlib', args: ['-print-file-name=nosys.specs'], packages: armGcc }],
  },
  'qemu-system-arm': {
    name: 'QEMU for Arm (qemu-system-arm)',
    programs: ['qemu-system-arm'],
    versionArgs: ['--version'],
    versionPattern: /version (\d+\.\d+(?:\.\d+)?)/,
    packages: {
      debian: ['qemu-system-arm'],
      fedora: ['qemu-system-arm-core'],
      arch: ['qemu-system-arm'],
      homebrew: ['qemu'],
      windows: 'winget install SoftwareFreedomConservancy.QEMU',
      url: 'https://www.qemu.org/download/',
    },
    companions: [],
  },
} as const satisfies Record<string, Tool>;

export type ToolId = keyof typeof tools;
