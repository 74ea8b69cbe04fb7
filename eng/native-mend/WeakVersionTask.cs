using System;
using System.IO;
using System.Linq;
using System.Text;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

namespace MerBench.NativeMend
{
    /// <summary>
    /// Copies native libraries, marking one symbol version that they need as weak, so that the dynamic loader no longer refuses a
    /// library whose version is missing on this system but never used. Compiled inline by MSBuild (netstandard2.0, so no newer API).
    /// </summary>
    public sealed class WeakenSymbolVersion : Task
    {
        [Required]
        public ITaskItem[] Sources { get; set; } = Array.Empty<ITaskItem>();

        [Required]
        public string DestinationFolder { get; set; } = "";

        /// <summary>The needed version, for example GLIBCXX_3.4.32.</summary>
        [Required]
        public string Version { get; set; } = "";

        public override bool Execute()
        {
            Directory.CreateDirectory(DestinationFolder);
            foreach (ITaskItem source in Sources)
            {
                byte[] image = File.ReadAllBytes(source.ItemSpec);
                string destination = Path.Combine(DestinationFolder, Path.GetFileName(source.ItemSpec));
                try
                {
                    int weakened = ElfVersionNeeds.Weaken(image, Version);
                    Log.LogMessage(MessageImportance.Low, "{0}: {1} entries of {2} marked weak.", source.ItemSpec, weakened, Version);
                }
                catch (InvalidDataException problem)
                {
                    Log.LogError("{0}: {1}", source.ItemSpec, problem.Message);
                    continue;
                }

                WriteIfOther(destination, image);
            }

            return !Log.HasLoggedErrors;
        }

        // Output folders hold hard links to the file, and programs that run have it mapped: bytes are never changed in place.
        private static void WriteIfOther(string destination, byte[] image)
        {
            if (File.Exists(destination))
            {
                if (File.ReadAllBytes(destination).SequenceEqual(image))
                    return;
                File.Delete(destination);
            }

            File.WriteAllBytes(destination, image);
        }
    }

    /// <summary>The .gnu.version_r section of a 64-bit little-endian ELF file (System V gABI; LSB Core, "Symbol Versioning").</summary>
    public static class ElfVersionNeeds
    {
        private const uint SectionTypeGnuVersionNeeds = 0x6ffffffe;
        private const int WeakFlag = 2;

        /// <summary>Sets VER_FLG_WEAK on each entry that needs <paramref name="version"/> and does not have it yet.</summary>
        /// <returns>How many entries were changed; 0 for files that are not ELF or do not need the version.</returns>
        /// <exception cref="InvalidDataException">The file is an ELF of another class or byte order, or is cut off.</exception>
        public static int Weaken(byte[] image, string version)
        {
            if (image.Length < 4 || image[0] != 0x7f || image[1] != 'E' || image[2] != 'L' || image[3] != 'F')
                return 0;
            if (image.Length < 64)
                throw new InvalidDataException("The ELF file is cut off or malformed.");
            if (image[4] != 2 || image[5] != 1)
                throw new InvalidDataException("Only 64-bit little-endian ELF files are supported.");
            try
            {
                return WeakenIn(image, version);
            }
            catch (Exception e) when (e is ArgumentException || e is IndexOutOfRangeException || e is OverflowException)
            {
                throw new InvalidDataException("The ELF file is cut off or malformed.", e);
            }
        }

        private static int WeakenIn(byte[] image, string version)
        {
            long sections = checked((long)BitConverter.ToUInt64(image, 0x28));
            int sectionSize = BitConverter.ToUInt16(image, 0x3a),
                sectionCount = BitConverter.ToUInt16(image, 0x3c);
            int weakened = 0;
            for (int i = 0; i < sectionCount; i++)
            {
                int header = checked((int)(sections + ((long)i * sectionSize)));
                if (BitConverter.ToUInt32(image, header + 4) != SectionTypeGnuVersionNeeds)
                    continue;
                int strings = OffsetOfSection(image, sections, sectionSize, BitConverter.ToInt32(image, header + 0x28));
                weakened += WeakenSection(image, checked((int)BitConverter.ToUInt64(image, header + 0x18)), strings, version);
            }

            return weakened;
        }

        // Elf64_Verneed: version(2) count(2) file(4) aux(4) next(4); Elf64_Vernaux: hash(4) flags(2) other(2) name(4) next(4).
        private static int WeakenSection(byte[] image, int need, int strings, string version)
        {
            int weakened = 0;
            while (true)
            {
                int entry = need + BitConverter.ToInt32(image, need + 8);
                for (int left = BitConverter.ToUInt16(image, need + 2); left > 0; left--)
                {
                    bool isWeak = (image[entry + 4] & WeakFlag) != 0;
                    if (!isWeak && NameAt(image, strings + BitConverter.ToInt32(image, entry + 8)) == version)
                    {
                        image[entry + 4] |= WeakFlag;
                        weakened++;
                    }

                    entry += BitConverter.ToInt32(image, entry + 12);
                }

                // Unsigned, as in the format: a chain can only lead forward, and so ends.
                uint next = BitConverter.ToUInt32(image, need + 12);
                if (next == 0)
                    return weakened;
                need = checked((int)(need + next));
            }
        }

        private static int OffsetOfSection(byte[] image, long sections, int sectionSize, int index) =>
            checked((int)BitConverter.ToUInt64(image, checked((int)(sections + ((long)index * sectionSize) + 0x18))));

        private static string NameAt(byte[] image, int offset)
        {
            int end = Array.IndexOf(image, (byte)0, offset);
            return Encoding.ASCII.GetString(image, offset, end - offset);
        }
    }
}
