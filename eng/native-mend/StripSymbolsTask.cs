using System;
using System.IO;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

namespace MerBench.NativeMend
{
    /// <summary>
    /// Copies a native library without its symbol table for debuggers, which nothing loads. Compiled inline by MSBuild (netstandard2.0, so
    /// no newer API).
    /// </summary>
    public sealed class StripSymbols : Task
    {
        [Required]
        public string Source { get; set; } = "";

        [Required]
        public string Destination { get; set; } = "";

        public override bool Execute()
        {
            byte[] image = File.ReadAllBytes(Source);
            int length = ElfSymbolTable.Strip(image);
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(Destination))!);
            // Never in place: what was published before may be a hard link to it.
            File.Delete(Destination);
            using (FileStream file = File.Create(Destination))
                file.Write(image, 0, length);
            Log.LogMessage(MessageImportance.Low, "{0}: {1} bytes of symbols left out.", Source, image.Length - length);
            return !Log.HasLoggedErrors;
        }
    }

    /// <summary>The sections .symtab and its strings of a 64-bit little-endian ELF file (System V gABI, "Sections" and "Program
    /// Header").</summary>
    public static class ElfSymbolTable
    {
        private const uint Symbols = 2;
        private const int SectionEntry = 64,
            SegmentEntry = 56;

        /// <summary>
        /// Takes .symtab and its strings out of the file; what follows moves up by whole pages, so that segments stay aligned. The entries
        /// of the two in the table of
        /// sections become null, so that numbers of sections stay valid.
        /// </summary>
        /// <returns>The new length; the old one for files that are not ELF, have no such sections, or hold them elsewhere than side by side
        /// and apart from segments.</returns>
        public static int Strip(byte[] image)
        {
            if (
                image.Length < 64
                || image[0] != 0x7f
                || image[1] != 'E'
                || image[2] != 'L'
                || image[3] != 'F'
                || image[4] != 2
                || image[5] != 1
            )
                return image.Length;
            ulong sections = U64(image, 0x28),
                segments = U64(image, 0x20);
            int sectionCount = BitConverter.ToUInt16(image, 0x3c),
                segmentCount = BitConverter.ToUInt16(image, 0x38);
            if (BitConverter.ToUInt16(image, 0x3a) != SectionEntry || BitConverter.ToUInt16(image, 0x36) != SegmentEntry)
                return image.Length;
            if (!Holds(image, sections, sectionCount * SectionEntry) || !Holds(image, segments, segmentCount * SegmentEntry))
                return image.Length;

            int symbols = -1;
            for (int i = 0; i < sectionCount && symbols < 0; i++)
                if (BitConverter.ToUInt32(image, Section(i) + 4) == Symbols)
                    symbols = Section(i);
            if (symbols < 0)
                return image.Length;
            uint linked = BitConverter.ToUInt32(image, symbols + 0x28);
            if (linked == 0 || linked >= sectionCount)
                return image.Length;
            int strings = Section((int)linked);

            ulong start = U64(image, symbols + 0x18),
                end = U64(image, strings + 0x18) + U64(image, strings + 0x20);
            ulong gap = U64(image, strings + 0x18) - (start + U64(image, symbols + 0x20));
            if (end <= start || end > (ulong)image.Length || gap > 64)
                return image.Length;

            ulong page = 1;
            for (int i = 0; i < segmentCount; i++)
            {
                int segment = (int)segments + (i * SegmentEntry);
                ulong at = U64(image, segment + 8),
                    held = U64(image, segment + 0x20);
                if (held > 0 && at < end && at + held > start)
                    return image.Length;
                page = Math.Max(page, U64(image, segment + 0x30));
            }

            for (int i = 0; i < sectionCount; i++)
            {
                ulong at = U64(image, Section(i) + 0x18);
                if (Section(i) != symbols && Section(i) != strings && at > start && at < end)
                    return image.Length;
            }

            if (segments < end && segments + (ulong)(segmentCount * SegmentEntry) > start)
                return image.Length;
            if (sections < end && sections + (ulong)(sectionCount * SectionEntry) > start)
                return image.Length;
            ulong removed = (end - start) / page * page;
            if (removed == 0)
                return image.Length;

            // A section of type null, which is zero.
            foreach (int stripped in new[] { symbols, strings })
                Array.Clear(image, stripped, SectionEntry);

            for (int i = 0; i < sectionCount; i++)
                Move(image, Section(i) + 0x18, end, removed);
            for (int i = 0; i < segmentCount; i++)
                Move(image, (int)segments + (i * SegmentEntry) + 8, end, removed);
            Move(image, 0x20, end, removed);
            Move(image, 0x28, end, removed);
            Buffer.BlockCopy(image, (int)end, image, (int)(end - removed), image.Length - (int)end);
            return image.Length - (int)removed;

            int Section(int index) => (int)sections + (index * SectionEntry);
        }

        private static bool Holds(byte[] image, ulong at, int length) =>
            at <= (ulong)image.Length && (ulong)image.Length - at >= (ulong)length;

        private static void Move(byte[] image, int field, ulong from, ulong by)
        {
            ulong offset = U64(image, field);
            if (offset >= from)
                BitConverter.GetBytes(offset - by).CopyTo(image, field);
        }

        private static ulong U64(byte[] image, int at) => BitConverter.ToUInt64(image, at);
    }
}
