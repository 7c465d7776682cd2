using System.Buffers.Binary;
using System.Diagnostics;
using System.Text;

namespace Tallystick.Bench.Http;

/// <summary>
/// Speaks as much of HTTP/2 (RFC 9113) as it takes to keep several calls open on a connection: it knows beforehand that
/// the node speaks it, and sends the headers that do not change as the numbers under which they were sent first.
/// </summary>
internal sealed class Http2Caller : HttpCaller
{
    private const int FrameHead = 9;
    private const byte Data = 0, Headers = 1, Settings = 4, Ping = 6, WindowUpdate = 8;
    private const byte EndStream = 1, Acknowledge = 1, EndHeaders = 4;
    private const int FirstWindow = 65_535;
    private const int MaxFrame = 16 * 1024;
    private readonly PreparedCall call;
    private readonly byte[] firstHeaders;
    private readonly Dictionary<uint, OpenCall> open = [];
    private readonly MemoryStream sending = new();
    private uint nextStream = 1;
    private int owed;
    private long room = FirstWindow;

    /// <param name="target">The node's socket, or its HOST:PORT.</param>
    /// <param name="token">Its token.</param>
    /// <param name="call">What is asked.</param>
    public Http2Caller(string target, string token, PreparedCall call)
        : base(target)
    {
        if (call.Length > MaxFrame)
            throw new ArgumentException("It does not fit into a frame.", nameof(call));
        this.call = call;
        firstHeaders =
        [
            PostMethod, HttpScheme,
            .. Remembered(4, call.Path), .. Remembered(1, "localhost"), .. Remembered(23, $"Bearer {token}"),
            .. Remembered(31, "application/json"), .. Remembered(28, $"{call.Length}"),
        ];
        sending.Write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8);
        Add(Settings, 0, 0, []);
    }

    // HPACK (RFC 7541): entries of the static table, and of the dynamic one the newest first.
    private const byte PostMethod = 0x83, HttpScheme = 0x86;

    private static ReadOnlySpan<byte> LaterHeaders =>
        [PostMethod, HttpScheme, 0x80 | 66, 0x80 | 65, 0x80 | 64, 0x80 | 63, 0x80 | 62];

    public override void Ask(int calls)
    {
        for (var i = 0; i < calls; i++)
        {
            Add(Headers, EndHeaders, nextStream, nextStream == 1 ? firstHeaders : LaterHeaders);
            Add(Data, EndStream, nextStream, call.Next());
            room -= call.Length;
            open.Add(nextStream, new OpenCall(Stopwatch.GetTimestamp()));
            nextStream += 2;
        }
        if (room < 0)
            throw new IOException("The node does not take so much at once.");
        Flush();
    }

    protected override int Understand(ReadOnlySpan<byte> come, Latencies latencies, out int answered)
    {
        var used = 0;
        answered = 0;
        while (come.Length - used >= FrameHead)
        {
            var head = come[used..];
            var length = BinaryPrimitives.ReadInt32BigEndian(head) >> 8;
            if (head.Length < FrameHead + length)
                break;
            var (kind, flags) = (head[3], head[4]);
            var stream = BinaryPrimitives.ReadUInt32BigEndian(head[5..]);
            var payload = head.Slice(FrameHead, length);
            used += FrameHead + length;
            switch (kind)
            {
                case Data:
                    owed += length;
                    if (length > 0)
                        call.Check(payload);
                    open[stream].Paid |= length > 0;
                    break;
                case Headers:
                    break;
                case Settings or Ping:
                    if ((flags & Acknowledge) == 0)
                        Add(kind, Acknowledge, 0, kind == Ping ? payload : []);
                    continue;
                case WindowUpdate:
                    room += stream == 0 ? BinaryPrimitives.ReadUInt32BigEndian(payload) : 0;
                    continue;
                default:
                    throw new IOException($"The node ended it with a frame of type {kind}.");
            }
            if ((flags & EndStream) == 0)
                continue;
            if (!open.Remove(stream, out var ended) || !ended.Paid)
                throw new IOException("An answer had no body.");
            latencies.Add(Stopwatch.GetTimestamp() - ended.Asked);
            answered++;
        }
        if (owed > FirstWindow / 2)
        {
            Span<byte> more = stackalloc byte[sizeof(int)];
            BinaryPrimitives.WriteInt32BigEndian(more, owed);
            Add(WindowUpdate, 0, 0, more);
            owed = 0;
        }
        Flush();
        return used;
    }

    private static byte[] Remembered(int nameOf, string value)
    {
        if (value.Length >= 127)
            throw new ArgumentException("A longer one would have a length of two bytes.", nameof(value));
        return [(byte)(0x40 | nameOf), (byte)value.Length, .. Encoding.ASCII.GetBytes(value)];
    }

    private void Add(byte kind, byte flags, uint stream, ReadOnlySpan<byte> payload)
    {
        Span<byte> head = stackalloc byte[FrameHead];
        BinaryPrimitives.WriteInt32BigEndian(head, payload.Length << 8);
        (head[3], head[4]) = (kind, flags);
        BinaryPrimitives.WriteUInt32BigEndian(head[5..], stream);
        sending.Write(head);
        sending.Write(payload);
    }

    private void Flush()
    {
        if (sending.Length > 0)
            Socket.Send(sending.GetBuffer().AsSpan(0, (int)sending.Length));
        sending.SetLength(0);
    }

    private sealed class OpenCall(long asked)
    {
        public long Asked => asked;

        public bool Paid { get; set; }
    }
}
