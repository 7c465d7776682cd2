using System.Buffers;
using System.Buffers.Binary;
using Tallystick.Core.Pages;
using Tallystick.Core.Tabs;

namespace Tallystick.Core.Sync;

/// <summary>What became of an attempt to read a frame.</summary>
public enum FrameReadResult
{
    /// <summary>The frame has not arrived as a whole; nothing was consumed.</summary>
    NeedMore,

    /// <summary>One frame was read and consumed.</summary>
    Complete,

    /// <summary>What arrived is no frame; nothing was consumed, and nothing more can be read from this link.</summary>
    Refused,
}

/// <summary>Frames on a link: where one ends and which it is. Pure, so that every split can be tested.</summary>
/// <remarks>
/// <code>
/// length    4 bytes, big-endian: the bytes after it, so 1 + the body
/// kind      1 byte, see FrameBody
/// body      as FrameBody says
/// </code>
/// A length that is too large is refused from its 4 bytes alone, so a claim costs its maker more than the reader.
/// </remarks>
public static class FrameCodec
{
    /// <summary>The bytes of the length.</summary>
    public const int HeaderBytes = 4;

    /// <summary>The largest length: a Fault about the largest page that is read at all.</summary>
    public const int MaxFrameBytes =
        1 + PageCodec.MaxReadableBytes + FaultCodec.MaxOverheadBytes + SignedPage.SignatureSize;

    /// <summary>The largest length before the other end has proven who it is: a Greeting, a proof or a Bye.</summary>
    public const int MaxUnprovenFrameBytes = 512;

    /// <summary>Reads the first frame of <paramref name="buffer"/> and moves the buffer behind it.</summary>
    /// <param name="buffer">What has arrived. Its memory may be reused as soon as this returns.</param>
    /// <param name="maxFrameBytes">The largest length to take.</param>
    /// <param name="frame">The frame when complete.</param>
    /// <param name="refusal">Why when refused: always <c>bad-encoding</c>.</param>
    public static FrameReadResult TryRead(
        ref ReadOnlySequence<byte> buffer, int maxFrameBytes, out Frame? frame, out Refusal? refusal)
    {
        (frame, refusal) = (null, null);
        if (buffer.Length < HeaderBytes)
            return FrameReadResult.NeedMore;

        Span<byte> header = stackalloc byte[HeaderBytes];
        buffer.Slice(0, HeaderBytes).CopyTo(header);
        var length = BinaryPrimitives.ReadUInt32BigEndian(header);
        if (length == 0 || length > maxFrameBytes)
        {
            refusal = new Refusal(
                Rejections.BadEncoding, $"A frame claims {length} bytes; 1 to {maxFrameBytes} are allowed here.");
            return FrameReadResult.Refused;
        }
        if (buffer.Length < HeaderBytes + length)
            return FrameReadResult.NeedMore;

        // One copy, which the page or Hello in the frame keeps as its own bytes.
        var content = buffer.Slice(HeaderBytes, length).ToArray();
        frame = FrameBody.Read(content[0], content.AsMemory(1), out refusal);
        if (frame is null)
            return FrameReadResult.Refused;
        buffer = buffer.Slice(HeaderBytes + length);
        return FrameReadResult.Complete;
    }

    /// <summary>The whole frame in bytes, its length first.</summary>
    public static byte[] Write(Frame frame) => FrameBody.Write(frame);
}
