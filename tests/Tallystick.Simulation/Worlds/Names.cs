using System.Buffers.Binary;
using Tallystick.Core.Identity;
using Tallystick.Core.Sync;

namespace Tallystick.Simulation.Worlds;

/// <summary>Everything in a world that has a key, a nonce or an id gets it from its place: nothing is random.</summary>
internal static class Names
{
    /// <summary>The key of a person. Keys do not stand in the order of the persons.</summary>
    public static PublicKey Key(int person)
    {
        Span<byte> bytes = stackalloc byte[PublicKey.Size];
        bytes[0] = 2;
        Hash.Of([(byte)person, (byte)(person >> 8), 77]).CopyTo(bytes[1..]);
        PublicKey.TryCreate(bytes, out var key);
        return key;
    }

    public static string Letter(int person) => ((char)('A' + person)).ToString();

    public static Hash RunId(int node, int start) => From(1, node, start);

    public static RequestId Request(int serial) => new((UInt128)(1_000_000 + serial));

    public static int SerialOf(RequestId id) =>
        id.Value < int.MaxValue ? (int)id.Value - 1_000_000 : -1;

    public static Hash Preimage(int serial) => From(9, serial, 0);

    public static LinkBinding Binding(int connection) =>
        new(From(2, connection, 0), From(3, connection, 0), From(4, connection, 0), From(5, connection, 0));

    private static Hash From(byte kind, int first, int second)
    {
        Span<byte> bytes = stackalloc byte[Hash.Size];
        bytes.Clear();
        bytes[0] = kind;
        BinaryPrimitives.WriteInt32BigEndian(bytes[4..], first);
        BinaryPrimitives.WriteInt32BigEndian(bytes[8..], second);
        return new Hash(bytes);
    }
}
