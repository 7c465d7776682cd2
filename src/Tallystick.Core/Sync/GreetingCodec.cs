using System.Diagnostics.CodeAnalysis;
using Tallystick.Core.Tabs;
using Tallystick.Core.Wire;

namespace Tallystick.Core.Sync;

/// <summary>A Greeting as bytes.</summary>
/// <remarks>
/// <code>
/// key         33 bytes
/// name        text, 1 to 64 bytes
/// nonce       hash
/// runId       hash
/// listenPort  integer, 0 to 65535
/// minVersion  integer, 1 to maxVersion
/// maxVersion  integer, below 2^31
/// </code>
/// It has no tag and no signature of its own: <see cref="LinkProof"/> signs both Greetings of a link together.
/// </remarks>
public static class GreetingCodec
{
    /// <summary>UTF-8 bytes of a claimed name.</summary>
    public const int MaxNameBytes = 64;

    private const int MaxPort = 65535;

    /// <summary>The bytes of the Greeting.</summary>
    public static byte[] Encode(Greeting greeting)
    {
        var writer = new CanonicalWriter(256);
        writer.Key(greeting.Key);
        writer.Text(greeting.Name);
        writer.Hash(greeting.Nonce);
        writer.Hash(greeting.RunId);
        writer.Integer(greeting.ListenPort);
        writer.Integer(greeting.MinVersion);
        writer.Integer(greeting.MaxVersion);
        return writer.Finish();
    }

    /// <summary>Reads a Greeting.</summary>
    public static bool TryDecode(
        ReadOnlyMemory<byte> bytes,
        [NotNullWhen(true)] out Greeting? greeting,
        [NotNullWhen(false)] out Refusal? refusal)
    {
        var reader = new CanonicalReader(bytes.Span);
        greeting = new Greeting(
            reader.Key(),
            reader.Text(1, MaxNameBytes),
            reader.Hash(),
            reader.Hash(),
            reader.SmallInteger(),
            reader.SmallInteger(),
            reader.SmallInteger());
        if (greeting.ListenPort > MaxPort)
            reader.Fail("a port is larger than 65535");
        if (greeting.MinVersion < 1 || greeting.MinVersion > greeting.MaxVersion)
            reader.Fail("its versions are not a range from 1 on");
        refusal = reader.Finish("greeting");
        greeting = refusal is null ? greeting : null;
        return greeting is not null;
    }
}
