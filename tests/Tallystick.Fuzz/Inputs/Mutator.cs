using System.Buffers.Binary;

namespace Tallystick.Fuzz.Inputs;

/// <summary>Changes an input a little, in ways that formats of lengths, counts and integers are sensitive to.</summary>
internal sealed class Mutator(Random random)
{
    private static readonly byte[] Edges = [0, 1, 2, 0x20, 0x7f, 0x80, 0x81, 0xfe, 0xff];

    private static readonly byte[][] Integers =
    [
        [0x00], [0x7f], [0x80, 0x01], [0x80, 0x00], [0xff, 0xff, 0xff, 0xff, 0x07],
        [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x0f], [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x10],
        [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f],
        [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01],
    ];

    /// <summary>A changed copy.</summary>
    /// <param name="input">What to change.</param>
    /// <param name="other">Another input to splice from.</param>
    /// <param name="tokens">Words of the target.</param>
    /// <param name="maxLength">The longest result.</param>
    public byte[] Mutate(byte[] input, byte[] other, IReadOnlyList<byte[]> tokens, int maxLength)
    {
        var bytes = input;
        // Mostly one change, seldom many: what is changed too much is refused at its first byte.
        for (var changes = 1 + Math.Min(random.Next(8), random.Next(8)); changes > 0; changes--)
            bytes = MutateOnce(bytes, other, tokens);
        return bytes.Length <= maxLength ? bytes : bytes[..maxLength];
    }

    private byte[] MutateOnce(byte[] bytes, byte[] other, IReadOnlyList<byte[]> tokens)
    {
        if (bytes.Length == 0)
            return other.Length > 0 ? [.. other] : [Edges[random.Next(Edges.Length)]];
        var at = random.Next(bytes.Length);
        var most = Math.Min(bytes.Length - at, 1 + random.Next(1 + random.Next(48)));
        switch (random.Next(11))
        {
            case 0:
                return Set(bytes, at, (byte)(bytes[at] ^ 1 << random.Next(8)));
            case 1:
                return Set(bytes, at, Edges[random.Next(Edges.Length)]);
            case 2:
                return Set(bytes, at, (byte)(bytes[at] + random.Next(-3, 4)));
            case 3:
                return [.. bytes[..at], .. bytes[(at + most)..]];
            case 4:
                return [.. bytes[..(at + most)], .. bytes[at..]];
            case 5:
                return [.. bytes[..at], .. RandomBytes(most), .. bytes[at..]];
            case 6:
                return Replace(bytes, at, Math.Min(1, most), Integers[random.Next(Integers.Length)]);
            case 7 when tokens.Count > 0:
                return Replace(bytes, at, random.Next(2) * most, tokens[random.Next(tokens.Count)]);
            case 8 when other.Length > 0:
                var from = random.Next(other.Length);
                return Replace(bytes, at, most, other[from..Math.Min(other.Length, from + most)]);
            case 9:
                return bytes[..at];
            case 10 when bytes.Length >= 4:
                var changed = (byte[])bytes.Clone();
                at = Math.Min(at, bytes.Length - 4);
                BinaryPrimitives.WriteInt32BigEndian(changed.AsSpan(at), bytes.Length - at - 4 + random.Next(-1, 2));
                return changed;
            default:
                return Set(bytes, at, (byte)random.Next(256));
        }
    }

    private static byte[] Set(byte[] bytes, int at, byte value)
    {
        var changed = (byte[])bytes.Clone();
        changed[at] = value;
        return changed;
    }

    private static byte[] Replace(byte[] bytes, int at, int length, byte[] by) =>
        [.. bytes[..at], .. by, .. bytes[(at + length)..]];

    private byte[] RandomBytes(int count)
    {
        var bytes = new byte[count];
        random.NextBytes(bytes);
        return bytes;
    }
}
